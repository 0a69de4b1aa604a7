import type { BoardName } from '../../bench-board.js';
import {
  checkAnswers,
  checkDrives,
  checkEqualPins,
  checkFaults,
  commonChecks,
} from '../../own-firmware/own-firmware-checks.js';
import type { OwnFirmwarePlan } from '../../own-firmware/own-firmware-plan.js';
import type { OwnFirmwareRun } from '../../own-firmware/own-firmware-run.js';
import { ownFirmware } from '../../own-firmware/play-own-firmware.js';
import { check, type RunCheck } from '../../stage/run-record.js';
import { checkValve, isAsking, isRight, LINES_VALVE, lineOf } from './lines-valve.js';

const SETTING = /^SET \d+\n$/;

export const LINES: Pick<OwnFirmwarePlan, 'firmware' | 'paceUs' | 'request'> = {
  firmware: LINES_VALVE,
  paceUs: 100_000,
  request: lineOf,
};

/** How often a board was told where to go, by a listener on its line. */
function checkTold({ stage }: OwnFirmwareRun, board: 'a' | 'b', isAll: boolean): RunCheck {
  const told = stage.lines[board].given.filter(({ bytes }) => SETTING.test(Buffer.from(bytes).toString('latin1')));
  const sent = stage.client.asked.filter(({ id }) => !isAsking(id)).length;
  const ok = isAll ? told.length === sent : told.length > 0 && told.length < sent;
  return check(`board ${board} was told ${isAll ? 'all' : 'a part'} of it, each line once`, ok, {
    told: told.length,
    sent,
  });
}

/** `restarted`: this board did. */
export function lineChecks(run: OwnFirmwareRun, restarted: BoardName | null = null): RunCheck[] {
  return [...commonChecks(run), checkAnswers(run, isRight), checkValve(run, restarted), checkTold(run, 'b', true)];
}

export const linesSteady = ownFirmware({
  name: 'lines-steady',
  promise:
    'two boards that answer lines, as one: every line answered once, as a board alone answers it, and done once by both',
  plans: [
    {
      ...LINES,
      variant: '',
      checks: (run) => [
        ...lineChecks(run),
        checkTold(run, 'a', true),
        checkEqualPins(run),
        checkDrives(run, 'a'),
        checkFaults(run),
      ],
    },
  ],
});

export const linesHalted = ownFirmware({
  name: 'lines-halted',
  promise: 'the driving board hangs: the other takes over, no line is lost, and none is given to a board twice',
  plans: [
    {
      ...LINES,
      variant: '',
      ends: 'not protected',
      plan: (stage) => stage.inject(0.4, () => stage.uno('a').halt()),
      checks: (run) => [
        ...lineChecks(run),
        checkTold(run, 'a', false),
        checkDrives(run, 'a', 'b'),
        checkFaults(run, 'silent'),
      ],
    },
  ],
});
