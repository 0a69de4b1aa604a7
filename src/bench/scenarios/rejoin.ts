import type { Scenario } from '../stage/run-plan.js';
import { check, checkDrives, checkFaults, commonChecks, type ReceivedRun } from '../stage/run-record.js';
import type { Stage } from '../stage/stage.js';
import { StateWatch } from '../stage/watching/state-watch.js';
import { WireTap } from '../stage/watching/wire-tap.js';

/** Time for two takeovers and two joins while inputs come. */
const OVER_US = 2_500_000;
/** How long a board is without its supply. */
const OFF_US = 100_000;

interface Watched {
  readonly tap: WireTap;
  readonly a: StateWatch;
  readonly b: StateWatch;
  /** Inputs answered while a was on its way back. */
  meanwhile: number;
  isOver: boolean;
}
const watched = new WeakMap<object, Watched>();

async function playTwoTakeovers(stage: Stage): Promise<void> {
  const { a, b } = stage.world.boards;
  await stage.settled(({ primary, phase }) => primary === 'b' && phase === 'serving');
  const before = stage.client.answered;
  a.board.powerCycle(OFF_US);
  await stage.settled((status) => status.protected);
  const seen = watched.get(stage);
  if (seen !== undefined) seen.meanwhile = stage.client.answered - before;
  await stage.pass(stage.random.nextBelow(30_000));
  b.board.halt();
  if (seen !== undefined) seen.isOver = true;
  stage.client.resume();
  await stage.settled(({ primary, phase }) => primary === 'a' && phase === 'serving');
  b.board.powerCycle(OFF_US);
}

/** In one life a board executes what it was given, and each of it once: more executions than inputs would be a second one. */
function executedOnce(run: ReceivedRun) {
  const seen = watched.get(run.stage);
  const figures = (['a', 'b'] as const).map((name) => ({
    name,
    executed: seen?.[name].states.length ?? 0,
    given: seen?.tap.given[name].length ?? 0,
  }));
  return check(
    'no board executed an input twice',
    figures.every(({ executed, given }) => executed <= given),
    figures,
  );
}

export const rejoin: Scenario = {
  name: 'rejoin',
  promise:
    'a hangs, b takes over; a is power-cycled and comes back by itself while inputs come; then b hangs and a takes over: nothing lost, nothing executed twice, the actuator right throughout',
  runs: [
    {
      variant: '',
      client: { overUs: OVER_US },
      plan: (stage) => {
        watched.set(stage, {
          tap: new WireTap(stage.world),
          a: new StateWatch(stage.uno('a'), stage.symbols),
          b: new StateWatch(stage.uno('b'), stage.symbols),
          meanwhile: 0,
          isOver: false,
        });
        stage.inject(0.1, () => {
          stage.world.boards.a.board.halt();
          stage.do(() => playTwoTakeovers(stage));
        });
        // Enough is left for the second half of the story, however long the first takes.
        stage.afterAnswers(Math.floor(stage.options.inputs * 0.8), () => {
          if (watched.get(stage)?.isOver !== true) stage.client.pause();
        });
      },
      checks: (run) => [
        ...commonChecks(run),
        executedOnce(run),
        check('a joined while inputs came', (watched.get(run.stage)?.meanwhile ?? 0) > 0, 'no input was answered'),
        checkDrives(run, 'a', 'b', 'a'),
        checkFaults(run, 'silent'),
      ],
    },
  ],
};
