import {
  checkAnswers,
  checkDrives,
  checkEqualPins,
  checkFaults,
  commonChecks,
} from '../../own-firmware/own-firmware-checks.js';
import type { OwnFirmwareRun } from '../../own-firmware/own-firmware-run.js';
import type { OwnFirmwareStage } from '../../own-firmware/own-firmware-stage.js';
import { ownFirmware } from '../../own-firmware/play-own-firmware.js';
import { check, type RunCheck } from '../../stage/run-record.js';
import { LINES } from './lines-steady.js';
import { checkValve, isAsking, isRight, openingOf } from './lines-valve.js';

/** After so many of the requests somebody comes, says something, and leaves; each says it in other words, so that it is known again. */
const SHARES = [0.2, 0.4, 0.6, 0.8];
/** Its line may be on its way then, with the first board, with the second, or answered. */
const LEAVES_WITHIN_US = 20_000;
const LOOKS_EVERY_US = 10_000;
const WAITS_US = 3_000_000;

/** What somebody said before leaving, and what the next one asked and was told. */
interface Leaving {
  /** A whole line, with its end. */
  readonly line: string;
  /** The begin of one: nobody said the rest. */
  readonly half: string;
  readonly right: string;
  readonly told: string;
}

const leavings = new WeakMap<OwnFirmwareStage, Leaving[]>();

/** Says once more where the valve was told to go last, and leaves; somebody else begins a line, and leaves; the next one asks. */
async function leave(stage: OwnFirmwareStage, zeros: string): Promise<Leaving> {
  const { world, client, random } = stage;
  const opening = openingOf(client.asked.findLast(({ id }) => !isAsking(id))?.id ?? 0);
  const line = `SET ${zeros}${opening}\n`;
  const half = `STEP ${zeros}${opening}`;
  for (const words of [line, half]) {
    const other = (await stage.connectOther()).read();
    other.say(Buffer.from(words, 'latin1'));
    await world.pass(random.nextBelow(LEAVES_WITHIN_US));
    other.leave();
  }
  const next = (await stage.connectOther()).read();
  next.say(Buffer.from('GET\n', 'latin1'));
  const right = `${opening}\r\nok\r\n`;
  for (let waitedUs = 0; waitedUs < WAITS_US && next.received.length < right.length; waitedUs += LOOKS_EVERY_US) {
    await world.pass(LOOKS_EVERY_US);
  }
  await world.pass(LEAVES_WITHIN_US);
  const told = Buffer.from(next.received).toString('latin1');
  next.leave();
  return { line, half, right, told };
}

function planLeaving(stage: OwnFirmwareStage): void {
  const seen: Leaving[] = [];
  leavings.set(stage, seen);
  for (const [index, share] of SHARES.entries()) {
    stage.afterRequests(Math.max(2, Math.floor(stage.options.requests * share)), () => {
      stage.client.pause();
      stage.do(async () => {
        seen.push(await leave(stage, '0'.repeat(index + 1)));
        stage.client.resume();
      });
    });
  }
}

function checkLeft({ stage }: OwnFirmwareRun): RunCheck[] {
  const seen = leavings.get(stage) ?? [];
  const given = (['a', 'b'] as const).map((name) =>
    stage.lines[name].given.map(({ bytes }) => Buffer.from(bytes).toString('latin1')),
  );
  const onceAtBoth = ({ line }: Leaving): boolean =>
    given.every((lines) => lines.filter((one) => one.includes(line.trimEnd())).join() === line);
  return [
    check('whoever came and went did so', seen.length === SHARES.length, seen.length),
    check('what was said before leaving was done by both boards, once', seen.every(onceAtBoth), seen),
    check(
      'half a line is no line, and no part of the next one',
      given.every((lines) => lines.every((line) => !line.includes('STEP'))),
      null,
    ),
    check(
      'the next client got the answer to its own line, and no other',
      seen.every(({ told, right }) => told === right),
      seen.map(({ told }) => told),
    ),
  ];
}

export const linesClientLeaves = ownFirmware({
  name: 'lines-client-leaves',
  promise:
    'a client says a line and leaves before its answer, another one leaves within a line: what was said whole is done once by both boards, its answer reaches nobody, and the next client gets its own',
  plans: [
    {
      ...LINES,
      variant: '',
      plan: planLeaving,
      checks: (run) => [
        ...commonChecks(run),
        ...checkLeft(run),
        checkAnswers(run, isRight),
        checkValve(run),
        checkEqualPins(run),
        checkDrives(run, 'a'),
        checkFaults(run),
      ],
    },
  ],
});
