import { checkDrives, checkEqualPins, checkFaults } from '../../own-firmware/own-firmware-checks.js';
import type { OwnFirmwarePlan } from '../../own-firmware/own-firmware-plan.js';
import type { OwnFirmwareRun } from '../../own-firmware/own-firmware-run.js';
import type { OwnFirmwareStage } from '../../own-firmware/own-firmware-stage.js';
import { ownFirmware } from '../../own-firmware/play-own-firmware.js';
import { check, type RunCheck } from '../../stage/run-record.js';
import { LINES, lineChecks } from './lines-steady.js';
import { checkGivenAgain, isAsking } from './lines-valve.js';

/** From a line's leaving its client: when the board restarts. */
interface Moment {
  readonly earliestUs: number;
  readonly latestUs: number;
}

/** It has answered by then, and its banner is through before the next line comes. */
const BETWEEN_TWO_LINES: Moment = { earliestUs: 30_000, latestUs: 70_000 };
/** The whole line is under way before the banner is through: the board reads it in its new life. */
const BEFORE_A_LINE: Moment = { earliestUs: -8_000, latestUs: -1_000 };

const WAITS = 'waiting until it restarts';
const followed = new WeakMap<OwnFirmwareStage, string>();

function restartAt(stage: OwnFirmwareStage, { earliestUs, latestUs }: Moment, then: () => void): void {
  const { requests } = stage.options;
  const ids = Array.from({ length: requests }, (_, id) => id).filter(
    (id) => id > requests * 0.4 && !isAsking(id) && !isAsking(id + 1),
  );
  stage.afterRequests(ids[0] ?? 1, () => {
    const sentAtUs = (stage.client.asked.at(-1)?.sentAtUs ?? 0) + stage.setup.paceUs;
    stage.world.at(sentAtUs + earliestUs + stage.random.nextBelow(latestUs - earliestUs), () => {
      stage.injectedAtUs = stage.world.nowUs();
      stage.uno('a').resetExternal();
      then();
    });
  });
}

/** Somebody who does what the status says: no RESET is wired, and the board is known to be empty only when it has just started. */
function followStatus(stage: OwnFirmwareStage): void {
  stage.do(async () => {
    const status = await stage.settled(({ why }) => why.includes(WAITS));
    if (status?.why.includes(WAITS) !== true) return;
    followed.set(stage, status.why);
    stage.uno('a').resetExternal();
  });
}

function checkWaited(stage: OwnFirmwareStage): RunCheck {
  return check('the status said that it had to be restarted once more', followed.has(stage), null);
}

const RESTARTED: Omit<OwnFirmwarePlan, 'variant' | 'checks'> = { ...LINES, protocol: { resync: { from: 'start' } } };

function restartedChecks(run: OwnFirmwareRun): RunCheck[] {
  return [
    ...lineChecks(run, 'a'),
    checkGivenAgain(run),
    checkEqualPins(run),
    checkDrives(run, 'a', 'b'),
    checkFaults(run, 'restarted'),
  ];
}

export const linesRestarted = ownFirmware({
  name: 'lines-restarted',
  promise:
    'the driving board restarts: its banner says so, the other takes over, no line is lost, and the board is given all lines once more before it counts; one that has read something in its new life is no longer empty, is waited for until it is restarted once more, and the status says so',
  plans: [
    {
      ...RESTARTED,
      variant: 'between two lines',
      plan: (stage) => restartAt(stage, BETWEEN_TWO_LINES, () => undefined),
      checks: restartedChecks,
    },
    {
      ...RESTARTED,
      variant: 'before a line',
      plan: (stage) => restartAt(stage, BEFORE_A_LINE, () => followStatus(stage)),
      checks: (run) => [...restartedChecks(run), checkWaited(run.stage)],
    },
  ],
});
