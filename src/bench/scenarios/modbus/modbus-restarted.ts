import {
  checkAnswers,
  checkDrives,
  checkEqualPins,
  checkFaults,
  checkGivenOnce,
  checkLevelsAround,
  commonChecks,
} from '../../own-firmware/own-firmware-checks.js';
import type { OwnFirmwareRun } from '../../own-firmware/own-firmware-run.js';
import type { OwnFirmwareStage } from '../../own-firmware/own-firmware-stage.js';
import { ownFirmware } from '../../own-firmware/play-own-firmware.js';
import { check, type RunCheck } from '../../stage/run-record.js';
import { isRight, isWrite, levelsOf, WRITES } from './modbus-write.js';

/** A register that counts tenths of a second since the start. */
const UPTIME = 5;
/** What of it is not as the other one has it, once it has restarted. */
const COPIED = [{ holding: '0-7' }, { coils: '0-3' }];
/** The probe of an idle slave, and of one at work: so long nobody need have noticed. */
const NOTICED_WITHIN_US = 1_200_000;

/** Between two requests: nothing is in flight whose missing answer would tell. */
function restartBetween(stage: OwnFirmwareStage): void {
  stage.afterRequests(Math.floor(stage.options.requests * 0.4), () => {
    stage.world.at(stage.world.nowUs() + 30_000 + stage.random.nextBelow(20_000), () => {
      stage.injectedAtUs = stage.world.nowUs();
      stage.uno('a').resetExternal();
    });
  });
}

/** When the pair knew: what the first slave had answered until then it answered without its state. */
function noticedAtUs({ faults }: OwnFirmwareRun): number {
  const [fault] = faults.filter(({ code }) => code === 'restarted');
  return fault?.timeline[0]?.atUs ?? Number.POSITIVE_INFINITY;
}

function checkNoticed(run: OwnFirmwareRun): RunCheck {
  const afterUs = noticedAtUs(run) - (run.stage.injectedAtUs ?? 0);
  return check('noticed within a probe', afterUs >= 0 && afterUs < NOTICED_WITHIN_US, { afterMs: afterUs / 1000 });
}

export const modbusRestarted = ownFirmware({
  name: 'modbus-restarted',
  promise:
    'the driving slave restarts without a word: its uptime register tells, at the first answer that differs or the next probe; the other takes over, no write is lost or given to a slave twice, and the first is given its registers and protects again',
  plans: [
    {
      ...WRITES,
      variant: '',
      protocol: {
        identity: 'server-id',
        'restart-sign': { input: UPTIME },
        join: { copy: COPIED },
      },
      plan: restartBetween,
      checks: (run) => {
        const fromUs = run.stage.injectedAtUs ?? Number.POSITIVE_INFINITY;
        const untilUs = noticedAtUs(run);
        const isUnnoticed = (atUs: number): boolean => atUs >= fromUs && atUs <= untilUs;
        return [
          ...commonChecks(run),
          checkNoticed(run),
          checkAnswers(
            run,
            (request, answer, id) =>
              isRight(request, answer, id) || isUnnoticed(run.stage.client.asked[id - 1]?.sentAtUs ?? 0),
          ),
          // Its outputs fall with its state: nobody keeps them up before it is known.
          checkLevelsAround(run, levelsOf(run), (duty) => duty === 0),
          checkGivenOnce(run, isWrite, 'a'),
          checkGivenOnce(run, isWrite, 'b'),
          checkEqualPins(run),
          checkDrives(run, 'a', 'b'),
          checkFaults(run, 'restarted'),
        ];
      },
    },
  ],
});
