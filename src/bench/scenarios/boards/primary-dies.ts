import { HEATER_REPORT } from '../../../model-board/heater-reference.js';
import type { RunPlan, Scenario } from '../../stage/run-plan.js';
import { checkDrives, checkFaults, commonChecks } from '../../stage/run-record.js';
import type { Stage } from '../../stage/stage.js';
import { onNextFromBoard, onNextToBoard } from '../../stage/watching/wire-trigger.js';

/** R22: each place in the life of one input at which the primary can die. */
const PLACES: Readonly<Record<string, (stage: Stage, die: () => void) => void>> = {
  'before the commit': (stage, die) => stage.uno('a').breakpointOnce(stage.symbols.inputReturned, die),
  'after the commit, before acting': (stage, die) =>
    onNextToBoard(stage.world, 'a', ({ kind }) => kind === 'commit', die, { loses: true }),
  'after acting, before DONE': (stage, die) => {
    const { link } = stage.world.boards.a;
    onNextToBoard(
      stage.world,
      'a',
      ({ kind }) => kind === 'commit',
      () => {
        // Nothing that it says gets out any more; it dies with its output set.
        link.faults.fromBoard.isCut = true;
        stage.world.at(stage.world.nowUs() + ACT_US, die);
      },
    );
  },
  'between the parts of a result': (stage, die) =>
    onNextFromBoard(stage.world, 'a', (message) => message.kind === 'result' && !message.last, die),
  'after DONE': (stage, die) => onNextFromBoard(stage.world, 'a', ({ kind }) => kind === 'done', die),
};

/** By then a COMMIT that has left the gateway has been acted on. */
const ACT_US = 6_000;
/** Every so many inputs one asks for a report: its result has two parts. */
const REPORT_EVERY = 5;

function runFor(variant: string, place: (stage: Stage, die: () => void) => void): RunPlan {
  return {
    variant,
    ends: 'not protected',
    client: { inFlight: 2 },
    payload: (id) => (id % REPORT_EVERY === 0 ? HEATER_REPORT : null),
    plan: (stage) =>
      stage.afterAnswers(Math.floor(stage.options.inputs / 2), () =>
        place(stage, () => {
          stage.injectedAtUs = stage.world.nowUs();
          stage.world.boards.a.board.halt();
        }),
      ),
    checks: (run) => [...commonChecks(run), checkDrives(run, 'a', 'b'), checkFaults(run, 'silent')],
  };
}

export const primaryDies: Scenario = {
  name: 'primary-dies-in-each-place',
  promise:
    'before the commit, after it and before acting, after acting and before DONE, between the parts of a result, after DONE: b takes over; nothing lost, nothing acted on twice, the actuator right',
  runs: Object.entries(PLACES).map(([variant, place]) => runFor(variant, place)),
};
