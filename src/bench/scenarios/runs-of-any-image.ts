import { decodeFrame } from '../../protocol/frame-codec.js';
import type { RunPlan } from '../stage/run-plan.js';
import { check, checkDrives, checkFaults, commonChecks, type ReceivedRun, type RunCheck } from '../stage/run-record.js';
import type { Stage } from '../stage/stage.js';
import { onNextFromBoard, onNextToBoard } from '../stage/watching/wire-trigger.js';

/** Runs of scenarios that look into the heater, for a program of which only its frames and pins are known. */

const isInput = ({ kind }: { readonly kind: string }): boolean => kind === 'input';

export const steadyRun: RunPlan = {
  variant: '',
  checks: (run) => {
    const { executed = 0 } = run.replay ?? {};
    return [
      ...commonChecks(run),
      check('every input was executed', executed >= run.inputs, { executed, inputs: run.inputs }),
      checkDrives(run, 'a'),
      checkFaults(run),
    ];
  },
};

/** Longer than the deadline that the bench has when a configuration says none, shorter than a board's own patience. */
const SLOW_FACTOR_US = 120_000;

export const primarySlowRun: RunPlan = {
  variant: '',
  plan: (stage) =>
    stage.afterAnswers(Math.max(2, Math.floor(stage.options.inputs * 0.4)), () =>
      // It has the input, and does nothing with it for far too long.
      onNextToBoard(stage.world, 'a', isInput, () => {
        stage.world.at(stage.world.nowUs() + BYTES_TO_BOARD_US, () => {
          stage.injectedAtUs = stage.world.nowUs();
          stage.allowSafeLevel('a');
          stage.uno('a').pauseForUs(SLOW_FACTOR_US);
        });
      }),
    ),
  checks: (run) => {
    const steps = run.faults[0]?.timeline.map((entry) => entry.step) ?? [];
    const isRefused = steps.includes('late-commit-refused');
    return [
      ...commonChecks(run),
      checkDrives(run, 'a', 'b'),
      checkFaults(run, 'silent'),
      check('its late commit was refused by the constraint', isRefused, { steps }),
    ];
  },
};

/** A sketch that takes longer to start than the deadline is found silent before its HELLO says more: either will do. */
function noticed({ faults }: ReceivedRun, ...codes: string[]): RunCheck {
  const found = [...new Set(faults.map(({ code }) => code))];
  return check(`faults: ${codes.join(' or ')}`, found.length > 0 && found.every((code) => codes.includes(code)), {
    found,
  });
}

export const primaryRestartsRuns: readonly RunPlan[] = [false, true].map((losesHello) => ({
  variant: losesHello ? 'hello lost' : 'hello seen',
  plan: (stage: Stage) =>
    stage.inject(0.4, () => {
      stage.allowSafeLevel('a');
      const { board, link } = stage.world.boards.a;
      if (losesHello) {
        link.faults.fromBoard.dropNextFrame((frame) => {
          const decoded = decodeFrame(frame);
          return decoded.ok && decoded.message.kind === 'hello';
        });
      }
      board.resetExternal();
    }),
  checks: (run: ReceivedRun) => [...commonChecks(run), checkDrives(run, 'a', 'b'), noticed(run, 'restarted', 'silent')],
}));

/** A USB frame and the bytes of an INPUT. */
const BYTES_TO_BOARD_US = 500;

/** Time for two takeovers and two joins while inputs come, as in the heater's. */
const REJOIN_OVER_US = 2_500_000;
const OFF_US = 100_000;
const rejoined = new WeakMap<object, { meanwhile: number; isOver: boolean }>();

async function playTwoTakeovers(stage: Stage, seen: { meanwhile: number; isOver: boolean }): Promise<void> {
  const { a, b } = stage.world.boards;
  await stage.settled(({ primary, phase }) => primary === 'b' && phase === 'serving');
  const before = stage.client.answered;
  a.board.powerCycle(OFF_US);
  await stage.settled((status) => status.protected);
  seen.meanwhile = stage.client.answered - before;
  await stage.pass(stage.random.nextBelow(30_000));
  b.board.halt();
  seen.isOver = true;
  stage.client.resume();
  await stage.settled(({ primary, phase }) => primary === 'a' && phase === 'serving');
  b.board.powerCycle(OFF_US);
}

export const rejoinRun: RunPlan = {
  variant: '',
  client: { overUs: REJOIN_OVER_US },
  plan: (stage) => {
    const seen = { meanwhile: 0, isOver: false };
    rejoined.set(stage, seen);
    stage.inject(0.1, () => {
      stage.world.boards.a.board.halt();
      stage.do(() => playTwoTakeovers(stage, seen));
    });
    stage.afterAnswers(Math.floor(stage.options.inputs * 0.8), () => {
      if (!seen.isOver) stage.client.pause();
    });
  },
  checks: (run) => [
    ...commonChecks(run),
    check('a joined while inputs came', (rejoined.get(run.stage)?.meanwhile ?? 0) > 0, 'no input was answered'),
    checkDrives(run, 'a', 'b', 'a'),
    checkFaults(run, 'silent'),
  ],
};

/** By then a COMMIT that has left the gateway has been acted on. */
const ACT_US = 6_000;

/** R22: the places in the life of an input that its frames tell. */
const PLACES: Readonly<Record<string, (stage: Stage, die: () => void) => void>> = {
  'before the commit': ({ world }, die) =>
    onNextToBoard(world, 'a', isInput, () => world.at(world.nowUs() + BYTES_TO_BOARD_US, die)),
  'after the commit, before acting': ({ world }, die) =>
    onNextToBoard(world, 'a', ({ kind }) => kind === 'commit', die, { loses: true }),
  'after acting, before DONE': ({ world }, die) =>
    onNextToBoard(
      world,
      'a',
      ({ kind }) => kind === 'commit',
      () => {
        // Nothing that it says gets out any more; it dies with its output set.
        world.boards.a.link.faults.fromBoard.isCut = true;
        world.at(world.nowUs() + ACT_US, die);
      },
    ),
  'after DONE': ({ world }, die) => onNextFromBoard(world, 'a', ({ kind }) => kind === 'done', die),
};

export const primaryDiesRuns: readonly RunPlan[] = Object.entries(PLACES).map(([variant, place]) => ({
  variant,
  ends: 'not protected' as const,
  client: { inFlight: 2 },
  plan: (stage: Stage) =>
    stage.afterAnswers(Math.floor(stage.options.inputs / 2), () =>
      place(stage, () => {
        stage.injectedAtUs = stage.world.nowUs();
        stage.world.boards.a.board.halt();
      }),
    ),
  checks: (run: ReceivedRun) => [...commonChecks(run), checkDrives(run, 'a', 'b'), checkFaults(run, 'silent')],
}));
