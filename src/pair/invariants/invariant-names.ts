/**
 * What the core holds itself to at the end of every step (R30): the rule, and the sentence. They are looked at from
 * outside, in what a step has changed and asked for, and not with the functions that decided it.
 */
export const CORE_INVARIANTS = {
  onePrimary: ['R30', 'exactly one of the two boards has the lease, and never the third copy'],
  epochNeverFalls: [
    'R8, R10',
    'the epoch never falls, and the lease changes only with it, by the fence that the ledger recorded',
  ],
  oneFence: ['R10', 'one fence at a time, to the next epoch, from the owner to an eligible board'],
  phaseHoldsTogether: ['R10, R26', 'phase, takeover and switchover fit each other'],
  relayOnlyToTheOwner: ['R10', 'the relay is sent only to the board that has the lease'],
  seqNeverTwice: ['R1', 'a seq comes from the reserved range, in order, and is given out once'],
  reservationNeverFalls: ['R1', 'the range of reserved seqs never shrinks'],
  pairTimeNeverFalls: ['R27', 'pair time never goes backwards'],
  faultsAreNumberedOnce: ['R30', 'every fault has a number of its own'],
  givenOnlyWhenRecorded: ['R1', 'a board is given, and upstream is told of, only what the ledger has'],
  quarantinedIsNotGiven: ['R22', 'what is quarantined is given to nobody'],
  releasedOnlyByThePrimary: ['R2', 'another board than the primary is given only what the primary is done with'],
  neverGivenTwice: ['R31', 'a board that cannot tell a repeat is given an input once, or one that changes nothing'],
  windowIsKept: ['R6', 'no board has more in work than its window'],
  queueIsBounded: ['R6', 'what waits for a seq stays within its bound'],
  nothingIsLeftOver: [
    'R12, R18',
    'what was found in a step is acted on in it, and what was answered in it is compared',
  ],
  nothingToWhoIsOut: ['R12, R25', 'a board that is out of the pair gets no work and is not recorded as done'],
  nothingInAStop: ['R13', 'a stopped pair gives no work and takes none in'],
  grantedOnlyWhenCommitted: ['R7, R8', 'a board may act only on what the ledger has committed'],
  committedOnlyInTheEpoch: ['R8', 'a commit is never asked for in the name of an epoch to come'],
  emittedOnlyWhenCommitted: ['R9', 'an answer leaves only for what the ledger has committed'],
  emittedOnce: ['R9, R23', 'an answer leaves once, or is marked as a repeat'],
  violationOnlyToLockedOut: ['R8, R19', 'VIOLATION goes to no board that is not locked out'],
  thirdCopyIsNobody: ['R19', 'the ledger hears nothing of the third copy'],
  stopHasAWayOut: ['R30', 'a stop is recorded, says why, and names a way out that is open'],
  onlyAPersonEndsAStop: ['R13', 'a stopped pair goes on only when a person has said so'],
  ledgerHoldsTogether: ['R27', 'what the ledger tells a start does not contradict itself'],
} as const;

export type CoreInvariant = keyof typeof CORE_INVARIANTS;
