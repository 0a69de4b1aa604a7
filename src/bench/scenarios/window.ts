import type { Scenario } from '../stage/run-plan.js';
import { check, checkDrives, checkFaults, commonChecks, type ReceivedRun } from '../stage/run-record.js';
import { WireTap } from '../stage/watching/wire-tap.js';

const WINDOW = 4;

const taps = new WeakMap<object, WireTap>();
const setup = { image: 'heater-window-4', client: { inFlight: WINDOW, paceUs: 0 } } as const;

function fillsTheWindow(run: ReceivedRun) {
  const { sharedWrites, mostInWork } = taps.get(run.stage) ?? { sharedWrites: { a: 0 }, mostInWork: { a: 0 } };
  return [
    check('four inputs were in work at a', mostInWork.a === WINDOW, mostInWork),
    check('a COMMIT and the next INPUT left in one write', sharedWrites.a > 0, sharedWrites),
  ];
}

export const windowOfFour: Scenario = {
  name: 'window-4',
  promise:
    'four inputs in work at a board, as fast as it answers: the backup keeps up; a takeover with a full window loses nothing and repeats nothing at the actuator',
  runs: [
    {
      variant: 'full speed',
      ...setup,
      plan: (stage) => taps.set(stage, new WireTap(stage.world)),
      checks: (run) => [...commonChecks(run), ...fillsTheWindow(run), checkDrives(run, 'a'), checkFaults(run)],
    },
    {
      variant: 'takeover',
      ...setup,
      ends: 'not protected',
      plan: (stage) => {
        taps.set(stage, new WireTap(stage.world));
        stage.inject(0.5, () => stage.world.boards.a.board.halt());
      },
      checks: (run) => [
        ...commonChecks(run),
        ...fillsTheWindow(run),
        checkDrives(run, 'a', 'b'),
        checkFaults(run, 'silent'),
      ],
    },
  ],
};
