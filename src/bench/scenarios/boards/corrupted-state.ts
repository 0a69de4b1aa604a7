import type { BoardName } from '../../bench-board.js';
import type { RunPlan, Scenario } from '../../stage/run-plan.js';
import { check, checkDrives, checkFaults, commonChecks, type ReceivedRun } from '../../stage/run-record.js';
import type { Stage } from '../../stage/stage.js';

/** One bit of the integrator's second byte: one step of duty. */
const FLIPPED_BIT = 0x01;
/** Slow enough that the backup has been compared before the next input comes. */
const PACE_US = 25_000;

function flip(stage: Stage, name: BoardName): void {
  stage.injectedAtUs = stage.world.nowUs();
  // R7: it may shut itself down before the relay has left it.
  stage.allowSafeLevel(name);
  stage.uno(name).pokeRam(stage.symbols.integratorAddress + 1, FLIPPED_BIT);
}

/** While nothing is in work: the board's own check before the next input finds it (R29). */
function flipBetweenInputs(name: BoardName): (stage: Stage) => void {
  return (stage) =>
    stage.afterAnswers(Math.max(2, Math.floor(stage.options.inputs * 0.4)), () => {
      stage.client.pause();
      stage.world.at(stage.world.nowUs() + 60_000, () => {
        flip(stage, name);
        stage.client.resume();
      });
    });
}

/** After the result is computed and before the digest is taken: only the comparison can find it (R18). */
function flipDuringInput(name: BoardName): (stage: Stage) => void {
  return (stage) =>
    stage.afterAnswers(Math.max(2, Math.floor(stage.options.inputs * 0.4)), () => {
      stage.uno(name).breakpointOnce(stage.symbols.inputReturned, () => flip(stage, name));
    });
}

function saidBy(run: ReceivedRun, board: BoardName) {
  const fault = run.faults.find((candidate) => candidate.code === 'failed');
  return check(
    'the board itself noticed, before an output',
    fault?.board === board && fault.evidence['reason'] === 'stateCorrupt',
    {
      board: fault?.board,
      evidence: fault?.evidence,
    },
  );
}

function caughtByDigest(run: ReceivedRun) {
  const fault = run.faults.find((candidate) => candidate.code === 'mismatch');
  return check('the digest differed, the result did not', fault?.evidence['differs'] === 'state', fault?.evidence);
}

const during = (total: number): number => Math.max(10, Math.min(60, Math.floor(total / 4)));
const between = (total: number): number => total - during(total);

const primaryRuns: readonly RunPlan[] = [
  {
    variant: 'between inputs',
    inputs: between,
    plan: flipBetweenInputs('a'),
    checks: (run) => [...commonChecks(run), saidBy(run, 'a'), checkDrives(run, 'a', 'b'), checkFaults(run, 'failed')],
  },
  {
    variant: 'during an input',
    ends: 'not protected',
    inputs: during,
    // Nothing here tells who is wrong; the owner of this plant prefers the backup in that case (R19).
    config: { 'on-mismatch': 'switch' },
    client: { paceUs: PACE_US },
    plan: flipDuringInput('a'),
    checks: (run) => [
      ...commonChecks(run),
      caughtByDigest(run),
      checkDrives(run, 'a', 'b'),
      checkFaults(run, 'mismatch'),
    ],
  },
];

export const primaryCorruptsState: Scenario = {
  name: 'primary-corrupts-state',
  promise:
    'a bit flipped between inputs is FAILED before a wrong output, and the board comes back by joining; flipped during an input, the next comparison catches it, and the board is kept out until a person has looked',
  runs: primaryRuns,
};

export const backupCorruptsState: Scenario = {
  name: 'backup-corrupts-state',
  promise:
    'the primary goes on and never waited for the backup; one that noticed it itself comes back by joining; one that differed is kept out until a person has looked',
  runs: [
    {
      variant: 'between inputs',
      inputs: between,
      plan: flipBetweenInputs('b'),
      checks: (run) => [...goesOn(run), saidBy(run, 'b'), checkFaults(run, 'failed')],
    },
    {
      variant: 'during an input',
      ends: 'not protected',
      inputs: during,
      plan: flipDuringInput('b'),
      checks: (run) => [...goesOn(run), caughtByDigest(run), checkFaults(run, 'mismatch')],
    },
  ],
};

export const backupHalts: Scenario = {
  name: 'backup-halts',
  promise:
    'the primary goes on and never waited for the backup; protection drops; a fault; a board that hangs stays out',
  runs: [
    {
      variant: '',
      ends: 'not protected',
      plan: (stage) => stage.inject(0.4, () => stage.world.boards.b.board.halt()),
      checks: (run) => [...goesOn(run), checkFaults(run, 'silent')],
    },
  ],
};

/** A primary that waited for a backup would answer no sooner than that backup's deadline. */
const WAITED_US = 45_000;

function goesOn(run: ReceivedRun) {
  const waited = run.stage.client.sent.filter((input) => (input.answers[0]?.atUs ?? 0) - input.sentAtUs > WAITED_US);
  return [
    ...commonChecks(run),
    check('the primary never waited for the backup', waited.length === 0, { waited: waited.map((input) => input.id) }),
    checkDrives(run, 'a'),
  ];
}
