import type { BoardName } from '../../bench-board.js';
import type { RunPlan, Scenario } from '../../stage/run-plan.js';
import {
  check,
  checkDrives,
  checkFaults,
  commonChecks,
  type ReceivedRun,
  type RunCheck,
  soundChecks,
} from '../../stage/run-record.js';
import type { Stage } from '../../stage/stage.js';
import { awaitThirdCopy, THIRD_COPY } from '../../stage/third-copy-setup.js';
import { miscountNext } from '../../stage/watching/miscount.js';

const PACE_US = 15_000;
const BOTH = { commit: { needs: 'both' } };
const HOLD = { commit: { needs: 'both', 'if-alone': 'hold' } };

function miscount(board: BoardName): NonNullable<RunPlan['plan']> {
  return (stage) => stage.afterAnswers(Math.floor(stage.options.inputs * 0.4), () => miscountNext(stage, board));
}

/** The one case in which nothing is left to do: two differ, and nobody tells. What was wrong went nowhere. */
function giveUpTheRest(stage: Stage): void {
  stage.do(async () => {
    await stage.settled(({ phase }) => phase === 'stopped');
    // R11: boards that hear nothing more go to their safe levels.
    stage.allowSafeLevel('a');
    while (!stage.client.isFinished) {
      for (const { id } of [...stage.client.sent]) stage.client.giveUp(id);
      await stage.pass(PACE_US);
    }
  });
}

export const needsBothWrongOutput: Scenario = {
  name: 'needs-both-wrong-output',
  promise:
    'commits need both boards: whoever computes a wrong result, it never reaches the actuator, and no wrong answer leaves',
  runs: [
    {
      variant: 'primary wrong, third copy',
      config: { ...BOTH, ...THIRD_COPY },
      client: { paceUs: PACE_US },
      plan: (stage) => {
        awaitThirdCopy(stage);
        miscount('a')(stage);
      },
      checks: (run) => [...commonChecks(run), checkDrives(run, 'a', 'b'), checkFaults(run, 'judged-wrong')],
    },
    {
      variant: 'backup wrong, third copy',
      config: { ...BOTH, ...THIRD_COPY },
      client: { paceUs: PACE_US },
      plan: (stage) => {
        awaitThirdCopy(stage);
        miscount('b')(stage);
      },
      checks: (run) => [...commonChecks(run), checkDrives(run, 'a'), checkFaults(run, 'judged-wrong')],
    },
    {
      variant: 'primary wrong, nobody to ask',
      ends: 'stopped',
      config: BOTH,
      client: { paceUs: PACE_US },
      plan: (stage) => {
        miscount('a')(stage);
        stage.afterAnswers(Math.floor(stage.options.inputs * 0.4), () => giveUpTheRest(stage));
      },
      checks: (run) => [...soundChecks(run), checkDrives(run, 'a'), checkFaults(run, 'mismatch', 'pair-stopped')],
    },
  ],
};

/** Between these moments nothing may have changed at the actuator. */
const held = new WeakMap<Stage, { readonly fromUs: number; readonly untilUs: number }>();

/** A chance of an exchange under way at the moment of the cut is not what this is about: the client is quiet then. */
async function unplugWhileQuiet(stage: Stage): Promise<void> {
  stage.client.pause();
  await stage.pass(200_000);
  stage.injectedAtUs = stage.world.nowUs();
  stage.world.boards.b.unplug();
  await stage.pass(50_000);
  const fromUs = stage.world.nowUs();
  stage.client.resume();
  await stage.pass(400_000);
  held.set(stage, { fromUs, untilUs: stage.world.nowUs() });
  stage.world.boards.b.plug();
}

function nothingMovedMeanwhile(run: ReceivedRun): RunCheck {
  const span = held.get(run.stage) ?? { fromUs: 0, untilUs: 0 };
  const moved = run.stage.world.recorder.changes.filter(({ atUs }) => atUs > span.fromUs && atUs < span.untilUs);
  return check('the actuator did not move while the primary was alone', span.untilUs > 0 && moved.length === 0, {
    span,
    moved: moved.slice(0, 5),
  });
}

export const needsBothAlone: Scenario = {
  name: 'needs-both-alone',
  promise:
    'commits need both boards and the backup is gone: as configured the primary goes on unprotected, or acts on nothing until another copy is there',
  runs: [
    {
      variant: 'go on',
      ends: 'not protected',
      config: BOTH,
      client: { paceUs: PACE_US },
      plan: (stage) => stage.inject(0.4, () => stage.world.boards.b.board.halt()),
      checks: (run) => [...commonChecks(run), checkDrives(run, 'a'), checkFaults(run, 'silent')],
    },
    {
      variant: 'hold',
      config: HOLD,
      client: { paceUs: PACE_US },
      plan: (stage) =>
        stage.afterAnswers(Math.floor(stage.options.inputs * 0.4), () => stage.do(() => unplugWhileQuiet(stage))),
      checks: (run) => [
        ...commonChecks(run),
        nothingMovedMeanwhile(run),
        checkDrives(run, 'a'),
        checkFaults(run, 'unplugged'),
      ],
    },
  ],
};
