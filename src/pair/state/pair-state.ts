import type { CommitRow, InputKind } from '../result/ledger-rows.js';
import type { BoardId, Result, Seq } from '../result/messages.js';
import type { PreviousResult } from '../result/plausibility.js';
import type { BoardState } from './board-state.js';
import type { SourceDrift } from './drift-state.js';
import type { FaultDetail, PairEffect } from './effects.js';
import type { LedgerFile } from './events.js';
import type { FailureReason } from './failure-reason.js';
import type { PairConfig } from './pair-config.js';
import type { Update } from './update-state.js';

/**
 * `starting`: handshakes are under way; `serving`: one board has the actuator; `draining`: a planned switchover lets what
 * is under way come to its end (R26); `fencing`: the fence is on its way to the ledger; `catching-up`: fenced, the new
 * primary works off what the old one had acted on; `moving`: the relay is on its way; `stopped`: a person is needed.
 */
export type Phase = 'starting' | 'serving' | 'draining' | 'fencing' | 'catching-up' | 'moving' | 'stopped';

export type EmissionState = 'none' | 'asked' | 'sent';

export interface Input {
  readonly seq: Seq;
  readonly ref: string;
  readonly kind: InputKind;
  readonly pairTimeMs: number;
  readonly payload: Uint8Array;
  /** True once the ledger has it: before, nobody may see it (R1). */
  recorded: boolean;
  /** Upstream has been told so. */
  isAccepted: boolean;
  commit: CommitRow | null;
  /** What the primary has answered, before the ledger has it: commits that need both wait here. */
  proposed: CommitRow | null;
  /** What each board in the pair has answered, in this session. */
  readonly answers: Map<BoardId, Result>;
  /** `commit` is what was decided in favour of another board than the one that had committed first (R19). */
  arbitrated: boolean;
  /** A person lets the primary act on its answer though nobody is there to agree. */
  operatorOverride: boolean;
  /** A person wants it tried again, whoever may have carried it out (R22, R31). */
  operatorRetries: boolean;
  /**
   * What the ledger has been asked to commit and has not answered yet: its answer counts, whatever has become of the board.
   * More than one only where the ledger was silent over a stop.
   */
  asked: CommitRow[];
  emission: EmissionState;
  /** The ledger had it before this gateway started. */
  readonly isEarlier: boolean;
  /** Was committed before this gateway started: its answer may have been given already (R23). */
  restored: boolean;
  /** The ledger may have lost what was recorded of it after it was recorded itself (R27). */
  tailLost: boolean;
  readonly doneBy: Set<BoardId>;
  readonly attemptedBy: Set<BoardId>;
  /** In which lives of those boards (`lifeNameOf`): a board that dies on it twice is as bad as two (R22). */
  readonly attemptedIn: Set<string>;
  quarantined: boolean;
  /** R31: a board that lives has not answered it. It changes nothing there, and has been given once more. */
  wasUnanswered: boolean;
  /** The primary comes to another result than the committed one; a person decides which of the two counts. */
  disputedResult: DisputedResult | null;
  /** Both boards are done with it: it is kept for the third copy alone. */
  finished: boolean;
}

/** R22: `accepted`: a person takes what this board computes for right. */
export interface DisputedResult {
  readonly board: BoardId;
  readonly accepted: boolean;
}

/** `isAccepted`: upstream has been told so, under a number that turned out to be used. */
export interface UnnumberedInput {
  readonly ref: string;
  readonly kind: InputKind;
  readonly payload: Uint8Array;
  readonly isAccepted: boolean;
}

export interface Takeover {
  readonly faultId: number;
  readonly from: BoardId;
  readonly to: BoardId;
  /** Null: planned (R26). */
  readonly reason: FailureReason | null;
  /** Only a person lets the old primary come back (R19). */
  readonly keepsOut: boolean;
  /** Opening its port restarted the old primary: that does not count against it. */
  readonly isOurDoing: boolean;
  /** It may have lost its state before that was noticed: what it answered last is not held against the new primary. */
  readonly isDistrusted: boolean;
  /** The relay did not follow a switchover, and this is the way back. */
  readonly isReturn: boolean;
  /** Boards that failed while a planned fence was in flight: dealt with when it is known whose lease it is. */
  readonly lost: Accusation[];
  fencedAtUs: number | null;
  relayCommanded: boolean;
  relayMoved: boolean;
  /** What was unfinished at the fence: given one at a time (R22). */
  readonly list: Set<Seq>;
  answered: boolean;
  given: boolean;
}

/** A person wants the other board to be primary (R26). */
export interface Switchover {
  readonly ref: string;
  askedAtUs: number;
}

/** R19: two answers to one input differ, and those who may know who is wrong are being asked. */
export interface Dispute {
  readonly seq: Seq;
  readonly payload: Uint8Array;
  readonly pairTimeMs: number;
  readonly primary: BoardId;
  readonly backup: BoardId;
  /** What the primary answered, and what the backup did. */
  readonly reference: CommitRow;
  readonly answer: Result;
  sinceUs: number;
  /** Who is asked now. */
  stage: 'limits' | 'registers' | 'third-copy' | 'self-tests';
  /** Null: not begun, or their link knows of nothing by which they could be examined. */
  examination: Examination | null;
}

/** Both boards are asked what their link can find out of them (BoardWire.examines). */
export interface Examination {
  /** Who has not been read to the end yet. */
  readonly unread: Set<BoardId>;
  /** Who has turned out not to be as it was left, and how that showed. */
  readonly found: Map<BoardId, StateLost>;
  askedAtUs: number;
  asks: number;
}

/** Hard evidence that a board is not as it was left. `restarted`: it has lost its state; `judged-wrong`: it does not keep what it was given. */
export interface StateLost {
  readonly reason: 'restarted' | 'judged-wrong';
  readonly evidence: FaultDetail;
}

/** That a board is not likely to deliver, and what says so (R14, R15). */
export interface Accusation {
  readonly board: BoardId;
  readonly reason: FailureReason;
  readonly seq: Seq | null;
  readonly evidence: FaultDetail;
}

/** What was come upon and is to be acted on (accuse.ts). */
export type Evidence =
  | ({ readonly kind: 'accused' } & Accusation)
  | {
      readonly kind: 'leaves';
      readonly board: BoardId;
      readonly why: FaultDetail | null;
      readonly again: 'at-once' | 'later';
    }
  | { readonly kind: 'stop'; readonly why: string; readonly seq: Seq | null };

/** Which board owns the pair, as the ledger has it (lease.ts). */
export interface Lease {
  epoch: number;
  owner: BoardId;
}

/** The inputs that are not over, and in which order they were executed. */
export interface Queue {
  /** Every input that is not finished. */
  readonly inputs: Map<Seq, Input>;
  /** R9: over long ago, but their answers are not known to have left: given once the primary is open, and to nobody else. */
  unsentAnswers: Input[];
  /** R3: seqs in the order in which the primary executed them, until every follower has acted on them. */
  releaseOrder: Seq[];
  /** Inputs that wait for a seq while handshakes are under way or a reservation is on its way (bounded by maxPending). */
  readonly unnumbered: UnnumberedInput[];
  /** Seqs that a person dropped since the pair last served: a board may have executed one after all. */
  readonly dropped: Set<Seq>;
}

/** R1: which seqs are given out, and which are to be given out next. */
export interface Seqs {
  nextSeq: Seq;
  /** The first seq that this life of the gateway gives out. */
  numbersFromSeq: Seq;
  reservedThroughSeq: Seq;
  reserving: boolean;
  /** The highest seq that the ledger had an input for when this gateway started. */
  readonly earlierThroughSeq: Seq;
}

export interface PairTime {
  baseMs: number;
  zeroUs: number;
  lastMs: number;
  /** Where the ledger's tail is lost, pair time goes on from here. */
  readonly reservedMs: number;
}

/** What was found against a board, and is not settled (accuse.ts). */
export interface Findings {
  /** In the order in which it was found; nothing is left of it at the end of a step. */
  readonly noted: Evidence[];
  /** The primary is accused, and its backup's handshake is still under way: decided when that is known. */
  pending: Accusation | null;
  /** The primary's link is lost and nobody can take over: it is waited for (R10). */
  waitingForPrimary: boolean;
}

/** What the boards are held against each other for (R18 to R21). */
export interface Comparison {
  dispute: Dispute | null;
  /** The last result with values that every board in the pair agreed on: what a rate of change is judged against. */
  lastAgreed: PreviousResult | null;
  /** R21: the boards' own readings, source by source; it begins anew with the gateway. */
  readonly drift: SourceDrift[];
}

export interface Relay {
  /** The contact is known not to stand at the primary: nobody is protected, and nobody may join (R13, R25). */
  isAway: boolean;
  /** It moved lately, under this fault: what happens to links until then is put down to it. */
  transient: { untilUs: number; readonly faultId: number } | null;
  /** What the cut-off relay was last asked to be; null: not known yet, or there is none. */
  cutOff: boolean | null;
}

/** What a start has to know of the ledger that it began from, and of how it came about. */
export interface Start {
  /** R27: the ledger's tail may be gone, by the host's restart or by damage: what the boards know beyond it is taken back. */
  tailMayBeLost: boolean;
  /** The boards told so, in this life of the gateway. */
  tailWasLost: boolean;
  /** Somebody ended the gateway that ran before; one that was killed or crashed has not said so. */
  readonly endedInOrder: boolean;
  /** When the backup was made that the ledger was put back from; null: it was not, or the pair has gone on from it. */
  restoredFrom: string | null;
  freshLedger: boolean;
  /** The highest count of executions that the ledger had (R3): boards that tell none go on from there. */
  readonly executionCount: number;
  /** A person has the pair go on after a stop: boards without a past are good enough. */
  resuming: boolean;
}

/**
 * R25: from where the ledger's inputs lead to the state that the primary has, of boards that are given them once more when they join. In
 * execution counts; kept in the ledger, as a start has to know it too.
 */
export interface KnownHistory {
  /** After so many executions the state was empty: the primary had just started. Null: not known when it last was. */
  emptyAt: number | null;
  /** Until there something may have been executed that no row tells of: in doubt, or lost with a restart that nobody heard of. */
  brokenAt: number;
  /** As the ledger has it. */
  kept: string | null;
}

export interface Faults {
  nextFaultId: number;
  /** R17: the faults of the files that cannot be written; one that was lost with an earlier gateway has no end. */
  readonly notRecorded: Map<LedgerFile, number>;
}

/** The whole pair in groups, so that who changes one of them has no business with the others. */
export interface PairState {
  readonly config: PairConfig;
  phase: Phase;
  readonly lease: Lease;
  readonly boards: ReadonlyMap<BoardId, BoardState>;
  readonly queue: Queue;
  readonly seqs: Seqs;
  readonly time: PairTime;
  takeover: Takeover | null;
  switchover: Switchover | null;
  /** A board gets another program (R26). */
  update: Update | null;
  readonly findings: Findings;
  readonly comparison: Comparison;
  readonly relay: Relay;
  readonly start: Start;
  readonly history: KnownHistory;
  readonly faults: Faults;
  lastWorkUs: number;
  lastProbeUs: number;
  readonly counts: { answered: number; rejected: number; refused: number; given: number };
  /** R30: what the steps are held against. */
  readonly ledgerSaid: LedgerSaid;
}

/**
 * What the ledger itself has said of the inputs in work, kept apart from what the core makes of it, so that one can be
 * held against the other. As many entries as there are inputs in work, and answers owed from an earlier life.
 */
export interface LedgerSaid {
  readonly committed: Set<number>;
  /** Given out, unmarked, in this life (R9). */
  readonly answered: Set<number>;
  /** Given in this life, to which boards; of pairs whose boards cannot tell a repeat (R31). */
  readonly given: Map<number, Set<BoardId>>;
}

/** A step in the making: the state it changes, the time it happens at, and the effects it asks for, in order. */
export interface Step {
  readonly pair: PairState;
  readonly atUs: number;
  readonly effects: PairEffect[];
  /** What boards have answered in it, in the order of their execution, and nobody has compared yet (comparison.ts). */
  readonly answers: { readonly board: BoardState; readonly input: Input; readonly result: Result }[];
}
