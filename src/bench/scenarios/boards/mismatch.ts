import type { BoardName } from '../../bench-board.js';
import type { RunPlan, Scenario } from '../../stage/run-plan.js';
import {
  check,
  checkDrives,
  checkFaults,
  commonChecks,
  type ReceivedRun,
  type RunCheck,
} from '../../stage/run-record.js';
import type { Stage } from '../../stage/stage.js';
import { awaitThirdCopy, THIRD_COPY } from '../../stage/third-copy-setup.js';
import { breakMemory, miscountBoth, miscountNext } from '../../stage/watching/miscount.js';

/** Slow enough that a result has been compared before the next input comes. */
const PACE_US = 15_000;
/** The heater's integrator moves by no more than its greatest error for each input; a flipped bit is faster by far. */
const LIMITS = {
  fields: {
    result: [{ name: 'integrator', type: 'i32', offset: 2, 'max-change-per-s': 400_000 }],
  },
};

/** Time for all slices of a self-test, some hundred round trips, while inputs come. */
const SELF_TEST_US = 3_000_000;

function miscountAfter(share: number, board: BoardName): NonNullable<RunPlan['plan']> {
  return (stage) => stage.afterAnswers(Math.floor(stage.options.inputs * share), () => miscountNext(stage, board));
}

/** Who was found wrong, and by what. */
function checkJudged(run: ReceivedRun, wrong: BoardName, decidedBy: string): RunCheck {
  const found = run.faults.filter(({ code }) => code === 'judged-wrong');
  const evidence = found[0]?.evidence ?? {};
  return check(
    `board ${wrong} judged wrong by ${decidedBy}`,
    found.length === 1 && evidence['wrong'] === wrong && evidence['decidedBy'] === decidedBy,
    { faults: found.length, evidence },
  );
}

/** What a wrong primary does before it is noticed: its levels until the relay has left it, its answers until the fence. */
function wrongOnlyUntilNoticed(run: ReceivedRun): RunCheck[] {
  const { stage, actuator, answers } = run;
  const from = stage.injectedAtUs ?? 0;
  const late = actuator.wrong.filter(({ board, atUs }) => board !== 'a' || atUs < from);
  const rest = commonChecks(run).filter(
    ({ what }) => what !== 'nothing wrong at the actuator' && what !== 'every answer right',
  );
  return [
    ...rest,
    check('nothing wrong at the actuator from anybody else, or before', late.length === 0, late.slice(0, 5)),
    check('at most the levels of one comparison were wrong', actuator.wrong.length <= 2, actuator.wrong.slice(0, 5)),
    check('at most the results of one comparison were wrong', answers.wrong.length <= 2, answers.wrong.slice(0, 5)),
  ];
}

export const mismatchPrimaryWrong: Scenario = {
  name: 'mismatch-primary-wrong',
  promise:
    'the primary computes one wrong result: limits or the third copy tell that it is the wrong one, the backup takes over with the right result, and the board comes back by joining',
  runs: [
    {
      variant: 'third copy',
      config: THIRD_COPY,
      client: { paceUs: PACE_US },
      plan: (stage) => {
        awaitThirdCopy(stage);
        miscountAfter(0.4, 'a')(stage);
      },
      checks: (run) => [
        ...wrongOnlyUntilNoticed(run),
        checkJudged(run, 'a', 'third-copy'),
        checkDrives(run, 'a', 'b'),
        checkFaults(run, 'judged-wrong'),
      ],
    },
    {
      variant: 'limits',
      config: LIMITS,
      client: { paceUs: PACE_US },
      plan: miscountAfter(0.4, 'a'),
      checks: (run) => [
        ...wrongOnlyUntilNoticed(run),
        checkJudged(run, 'a', 'plausibility'),
        checkDrives(run, 'a', 'b'),
        checkFaults(run, 'judged-wrong'),
      ],
    },
  ],
};

/** Its memory is broken, and it has computed wrongly: what the comparison cannot tell, its self-test does. */
function breakAndMiscount(board: BoardName): NonNullable<RunPlan['plan']> {
  return (stage) => {
    breakMemory(stage, board);
    miscountAfter(0.4, board)(stage);
  };
}

export const mismatchBackupWrong: Scenario = {
  name: 'mismatch-backup-wrong',
  promise:
    'the backup computes one wrong result: the third copy or its own self-test tells that it is the wrong one; the primary goes on, and nothing wrong is seen anywhere; the backup comes back by joining, unless its memory is broken',
  runs: [
    {
      variant: 'third copy',
      config: THIRD_COPY,
      client: { paceUs: PACE_US },
      plan: (stage) => {
        awaitThirdCopy(stage);
        miscountAfter(0.4, 'b')(stage);
      },
      checks: (run) => [
        ...commonChecks(run),
        checkJudged(run, 'b', 'third-copy'),
        checkDrives(run, 'a'),
        checkFaults(run, 'judged-wrong'),
      ],
    },
    {
      variant: 'self-test',
      ends: 'not protected',
      client: { paceUs: PACE_US, overUs: SELF_TEST_US },
      plan: breakAndMiscount('b'),
      checks: (run) => [
        ...commonChecks(run),
        checkJudged(run, 'b', 'self-test'),
        checkDrives(run, 'a'),
        checkFaults(run, 'judged-wrong', 'self-test-failed'),
      ],
    },
  ],
};

/** Whether the wrong result could be seen from outside: otherwise the run shows nothing. */
function wasSeen(run: ReceivedRun): RunCheck {
  return check('the wrong result was given out', run.answers.wrong.length > 0, run.answers);
}

export const bothWrongSameWay: Scenario = {
  name: 'both-wrong-same-way',
  promise:
    'both boards compute the same wrong result: two equal copies compare equal, and nobody notices (what a comparison cannot do; limits and a third copy can)',
  runs: [
    {
      variant: '',
      client: { paceUs: PACE_US },
      plan: (stage: Stage) =>
        stage.afterAnswers(Math.floor(stage.options.inputs * 0.4), () => miscountBoth(stage, 'a', 'b')),
      checks: (run) => [
        ...commonChecks(run).filter(
          ({ what }) => what !== 'nothing wrong at the actuator' && what !== 'every answer right',
        ),
        wasSeen(run),
        checkDrives(run, 'a'),
        checkFaults(run),
      ],
    },
  ],
};
