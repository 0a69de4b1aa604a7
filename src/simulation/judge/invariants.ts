/** What must hold at every moment of every run (or whenever all is quiet), judged from outside the core. */
const INVARIANTS = {
  copyOnlyWhenDone: ['R2', 'a board without the lease is given an input only after another board has acted on it'],
  copiesInThePrimarysOrder: ['R3', 'what a backup executes at a count is what the primary executed at that count'],
  executedOnce: ['R11', 'no life of a board executes a seq twice'],
  actedOnce: ['R11', 'no life of a board acts on a seq twice'],
  actsOnlyOnGrants: ['R7', 'a board acts on a seq only after the ledger has granted it that result'],
  firstCommitNeedsTheLease: ['R8', 'the first commit of a seq is by the board that holds the lease'],
  lockedOutCommitsNothing: ['R8, R12', 'no commit of a board that is locked out is granted'],
  oneCommittedResult: ['R9', 'a seq is granted with one hash, unless a verdict admits another'],
  seqUsedOnce: ['R1', 'a seq stands for one input for ever'],
  givenOnlyWhenRecorded: ['R1', 'a board is given only what the ledger has'],
  acceptedOnlyWhenRecorded: ['R1', 'upstream is told that an input is accepted only when the ledger has it'],
  answeredOnceUnmarked: ['R9', 'an input is answered once without a mark; whatever comes after is marked as a repeat'],
  sameAnswerAgain: ['R9, R23', 'a repeated answer is the same answer'],
  answerIsCommitted: ['R9', 'what is answered has been committed'],
  ledgerTakesWhatItIsAsked: [
    'R8',
    'the ledger is asked for nothing that its constraints refuse, but for a commit, which it answers',
  ],
  fenceOnlyToTheFit: ['R10', 'the lease goes to a board that is in sync'],
  fenceOnlyWithACause: ['R14, R17', 'no board is locked out unless something befell it or its link'],
  setAsideOnlyWithACause: ['R14, R24', 'no backup is set aside unless something befell it or its link'],
  relayOnlyAfterTheFence: ['R10', 'the relay is sent to a board only when the ledger has given it the lease'],
  lockedOutDoesNotDrive: ['R13', 'a locked-out board does not drive the actuator after the settle time'],
  stoppedDrivesNothing: ['R13', 'where a stop has a means, nothing drives the actuator of a stopped pair'],
  actuatorSeesOnlyCommitted: ['R7', 'the actuator sees nothing but committed levels and safe ones'],
  actuatorNeverGoesBack: ['R10', 'the actuator never sees an older level after a newer one'],
  violationOutOfReach: ['R10', 'VIOLATION and RESET reach no board that the actuator hangs on'],
  primaryNeverWaits: ['R5', 'an idle primary is given what is accepted at once, whatever the backup does'],
  fencedCountsForNothing: ['R12', 'what a board does after it was locked out is not recorded as done'],
  suspectsGoAlone: ['R22', 'what a board may have died of is given alone, and nothing is given beside it'],
  noThirdDeath: ['R22', 'an input on which two boards have died is not given again unless a person says so'],
  joinsAfterComparisons: ['R25', 'a board is in sync only after it has joined, with enough clean comparisons'],
  intermittentRests: ['R19', 'a board whose faults come too often joins no sooner than its score allows, or a person'],
  switchoverIsOneGap: ['R26', 'at a switchover the actuator sees the old level, one gap, and the same level'],
  emittedOnlyWhenSent: ['R9, R23', 'an answer is recorded as sent only after it has left'],
  stopsOnlyWithACause: ['R10, R13', 'the pair is stopped only when something befell both boards, or the relay'],
  violationOnlyToLockedOut: ['R8, R19', 'VIOLATION goes to no board that is not locked out'],
  wrongOneLeaves: ['R19', 'one board is wrong, and somebody can tell: it leaves, the other stays, leads and drives'],
  judgedWrongIsWrong: ['R19', 'whoever is judged wrong on evidence has computed something wrong'],
  committedOnlyWhenAgreed: [
    'R8',
    'where commits need both, another copy has answered the same, or nobody else was there and the pair may go on alone',
  ],
  wrongIsNeverCommitted: ['R8', 'where commits need both, what one board computes wrongly is not acted on or answered'],
  thirdCopyIsNobody: ['R19', 'the third copy gets neither lease nor actuator, and the ledger hears nothing of it'],
  nothingToTheWrongBoard: ['R13', 'at the port of one board the other one is asked who it is, and told nothing more'],
  rightBoardIsTaken: ['R13', 'a board is refused only where another one belongs'],
  boardsAreKnown: ['R13', 'when all is quiet, each board is known by its number'],
  driftOnlyWithACause: ['R21', 'sensors are said to differ only when one of them has drifted'],
  hangIsNoticed: ['R16', 'a board that does not work is not counted as protecting an idle pair'],
  acceptedIsAnswered: ['R6', 'when all is quiet, what was accepted is answered, quarantined or dropped'],
  nothingIsStuck: ['R10, R25', 'after quiet time the pair serves, protected, with the relay at the lease'],
  protectedMeansEqual: ['R18, R25', 'a pair that calls itself protected has boards in equal states with equal outputs'],
  writtenOnce: [
    'R31',
    'no life of a board that cannot tell a repeat is given a write twice, unless it has said that it had not taken it',
  ],
  doubtIsNotRedone: ['R31', 'what such a board had in its hands when a gateway died is given to nobody again'],
  doubtIsTold: ['R31', 'what a board may have carried out, and nobody knows, is told by a fault, and upstream'],
  answerIsOfTheInput: ['R9', 'what is answered is what a board that led has answered to that very input'],
  protectedOnlyWhenCompared: [
    'R18, R25',
    'a pair whose boards may differ, as is known, does not call itself protected',
  ],
  saidByThePrimaryAlone: ['R9', 'what a board says unasked is passed on from the primary alone'],
  actuatorSeesOnlyInputs: ['R1', 'the actuator sees nothing but what an input of a client has written'],
  ledgerIsSound: ['R8, R9', 'at the end the ledger keeps every rule that its tables can prove (copycat ledger verify)'],
  coreInvariantsHold: ['R30', 'the core never finds itself where it promises not to be'],
  gatewayNeverFails: ['-', 'the core never throws and never spins'],
} as const;

export type InvariantName = keyof typeof INVARIANTS;

/** A promise that was broken. */
export interface Broken {
  readonly name: InvariantName;
  readonly text: string;
  readonly atUs: number;
}
