import {
  checkAnswers,
  checkDrives,
  checkEqualPins,
  checkGivenOnce,
  checkLevels,
  commonChecks,
} from '../../own-firmware/own-firmware-checks.js';
import type { OwnFirmwareRun } from '../../own-firmware/own-firmware-run.js';
import { ownFirmware } from '../../own-firmware/play-own-firmware.js';
import { check, type RunCheck } from '../../stage/run-record.js';
import { HOLDING, pdu, RUN } from './modbus-pump.js';
import { isRight, isWrite, levelsOf, WRITES } from './modbus-write.js';

/** A register that counts tenths of a second since the start. */
const UPTIME = 5;
/** Requests: before the first probe has read the sign, it cannot be seen to fall. */
const SIGN_READ_BY = 25;
const NEW_LEVEL = 600;
const NEW_GAIN = 321;
/** What the master has set, before it goes on to the speeds: behind a restart it is as at the start. */
const SETTINGS: ReadonlyMap<number, Uint8Array> = new Map([
  [2, pdu.writeRegister(HOLDING.level, NEW_LEVEL)],
  [3, pdu.writeRegister(HOLDING.gain, NEW_GAIN)],
]);
const WRITING: readonly number[] = [5, 6, 15, 16];

/** What was written to the joiner before its first copy: what differed and nothing else, in the order of the ranges. */
function checkCopied({ stage }: OwnFirmwareRun): RunCheck {
  const fromUs = stage.injectedAtUs ?? Number.POSITIVE_INFINITY;
  const writes = stage.lines.b.given.filter(({ atUs, bytes }) => atUs >= fromUs && WRITING.includes(bytes[1] ?? 0));
  const joined = writes.findIndex(({ bytes }) => bytes[1] === 16);
  const [settings, speed, run] = writes.slice(joined, joined + 3).map(({ bytes }) => [...bytes.slice(0, -2)]);
  const asked = stage.client.asked.flatMap(({ request }) => [...request].join());
  const ok =
    joined >= 0 &&
    writes.filter(({ bytes }) => bytes[1] === 16 || bytes[1] === 15).length === 1 &&
    settings?.join() ===
      [5, 16, 0, HOLDING.level, 0, 2, 4, NEW_LEVEL >> 8, NEW_LEVEL & 0xff, NEW_GAIN >> 8, NEW_GAIN & 0xff].join() &&
    speed?.slice(0, 4).join() === [5, 6, 0, HOLDING.speed].join() &&
    // Some value that the master has written: which one stood there is not in these records.
    asked.includes(speed.join()) &&
    run?.join() === [...pdu.writeCoil(RUN, true)].join();
  return check('what differs is written to the joiner, in the order of the ranges, and nothing else', ok, {
    writes: writes.slice(Math.max(0, joined - 1), joined + 4).map(({ bytes }) => Buffer.from(bytes).toString('hex')),
  });
}

/** By its sign, or by the answer that it owed when it restarted; a read that was lost with it may have been asked again. */
function checkNoticed({ faults }: OwnFirmwareRun): RunCheck {
  const codes = faults.map(({ code }) => code).filter((code) => code !== 'link-degraded');
  return check('faults: restarted or silent', codes.length === 1 && /^(restarted|silent)$/.test(codes.join()), codes);
}

export const modbusJoinsByCopy = ownFirmware({
  name: 'modbus-joins-by-copy',
  promise:
    'the backup restarts and joins: it is given the registers that differ, in the order of join.copy, and behind them what the master wrote meanwhile; the master notices nothing',
  plans: [
    {
      ...WRITES,
      variant: '',
      request: (id) => SETTINGS.get(id) ?? WRITES.request(id),
      protocol: {
        identity: 'device',
        'restart-sign': { input: UPTIME },
        join: { copy: [{ holding: '2-7' }, { holding: '0-1' }, { coils: '0-3' }] },
      },
      plan: (stage) =>
        stage.inject(Math.max(0.3, SIGN_READ_BY / stage.options.requests), () => stage.uno('b').resetExternal()),
      checks: (run) => [
        ...commonChecks(run),
        checkAnswers(
          run,
          (request, answer, id) =>
            isRight(request, answer, id) || Buffer.from(answer).equals(SETTINGS.get(id) ?? new Uint8Array(0)),
        ),
        checkCopied(run),
        checkLevels(run, levelsOf(run)),
        checkGivenOnce(run, isWrite, 'a'),
        checkEqualPins(run),
        checkDrives(run, 'a'),
        checkNoticed(run),
      ],
    },
  ],
});
