import type { InputKind, MemberState } from '../result/ledger-rows.js';
import type { BoardId, ResultPart, Seq, ToBoard } from '../result/messages.js';
import type { FailureReason } from './failure-reason.js';

/** Everything the core can want done, in the order it wants it. */
export type PairEffect =
  | { readonly type: 'send'; readonly board: BoardId; readonly session: number; readonly message: ToBoard }
  | LedgerRequest
  /**
   * Give the committed result of `seq` to whoever asked under `ref`; `repeat`: it may have been given before (R23);
   * `rejected`: the sketch would not have the input, and the bodies say why.
   */
  | {
      readonly type: 'answer';
      readonly seq: Seq;
      readonly ref: string;
      readonly kind: InputKind;
      readonly bodies: readonly Uint8Array[];
      readonly repeat: boolean;
      readonly rejected: boolean;
    }
  /** The ledger has the input: upstream may be told so (R1). */
  | { readonly type: 'accepted'; readonly ref: string; readonly seq: Seq }
  | { readonly type: 'refuse'; readonly ref: string; readonly reason: RefusalReason }
  /** The primary said this unasked: it is for everybody upstream. */
  | { readonly type: 'passOn'; readonly body: Uint8Array }
  | { readonly type: 'moveRelay'; readonly to: BoardId }
  /** R13: hold this board's RESET, or let it go. */
  | { readonly type: 'holdReset'; readonly board: BoardId }
  | { readonly type: 'releaseReset'; readonly board: BoardId }
  /** R13: the relay that cuts the actuator off from both boards. */
  | { readonly type: 'cutOff'; readonly cut: boolean }
  /** Have this state converted by a program of the user's; answered by `stateConverted`. */
  | {
      readonly type: 'convertState';
      readonly board: BoardId;
      readonly converter: string;
      readonly executionCount: number;
      readonly bytes: Uint8Array;
    }
  /** Leave the board's port to the flasher until it has ended; answered by `boardFlashed`. */
  | { readonly type: 'flashBoard'; readonly board: BoardId; readonly image: string }
  /** What a person asked for has come about. */
  | { readonly type: 'commandDone'; readonly ref: string; readonly outcome: string }
  /** It cannot be done; the pair is as it was. `why` is a sentence for that person. */
  | { readonly type: 'commandRefused'; readonly ref: string; readonly why: string };

/**
 * `in-doubt`: a board that cannot tell a repeat had it when the gateway died, and may have carried it out (R31); `cancelled`: no
 * answer will come any more.
 */
export type RefusalReason = 'full' | 'stopped' | 'quarantined' | 'ref-used' | 'result-lost' | 'in-doubt' | 'cancelled';

/** Written in order; every one is idempotent, so a start may ask for it again. */
export type LedgerRequest =
  | { readonly type: 'reserveSeqs'; readonly throughSeq: Seq }
  | {
      readonly type: 'recordInput';
      readonly seq: Seq;
      readonly ref: string;
      readonly kind: InputKind;
      readonly pairTimeMs: number;
      readonly payload: Uint8Array;
    }
  /** R8: decided by a constraint in SQL. Answered by `commitAnswered`. */
  | {
      readonly type: 'requestCommit';
      readonly board: BoardId;
      readonly session: number;
      readonly epoch: number;
      readonly seq: Seq;
      readonly hash: number;
      readonly executionCount: number;
      readonly digest: number;
      readonly parts: readonly ResultPart[];
      readonly observed: readonly number[];
    }
  /** `readBack`: what its outputs showed right after; absent: nobody has heard. */
  | { readonly type: 'recordDone'; readonly board: BoardId; readonly seq: Seq; readonly readBack?: readonly number[] }
  | { readonly type: 'recordEmitted'; readonly seq: Seq }
  /** A difference that was decided in favour of `board`: its other hash may be committed for this seq (R8, R19). */
  | {
      readonly type: 'recordVerdict';
      readonly seq: Seq;
      readonly board: BoardId;
      readonly hash: number;
      readonly verdict: 'match' | 'arbitrated';
    }
  /** Nothing more will happen to this input: fold it to one row at rest (a probe: count it and drop it). */
  | { readonly type: 'finishInput'; readonly seq: Seq }
  | { readonly type: 'recordAttempt'; readonly board: BoardId; readonly session: number; readonly seq: Seq }
  | { readonly type: 'quarantine'; readonly seq: Seq }
  /** R22: a person wants it tried again: no longer quarantined, and no board has died on it. */
  | { readonly type: 'releaseInput'; readonly seq: Seq }
  /** Finished without a result: a person wants it gone (R22), or the host lost the result of what was acted on (R27). */
  | { readonly type: 'dropInput'; readonly seq: Seq }
  /** R25: at most `limit` committed inputs after the execution count `after`; answered by `historyRead`. */
  | { readonly type: 'readHistory'; readonly board: BoardId; readonly after: number; readonly limit: number }
  /**
   * R25, R27: what is committed from here on may belong to another order of execution than what is there: nobody is given
   * both again. Goes to the file that has the commits, so that a tail it loses takes this with them.
   */
  | { readonly type: 'beginLine' }
  | { readonly type: 'recordSession'; readonly board: BoardId; readonly session: number; readonly boot: number | null }
  | { readonly type: 'recordMemberState'; readonly board: BoardId; readonly state: MemberState }
  /** R19: all that counts of when it left the pair by a fault of its own, in pair time. */
  | { readonly type: 'recordHealth'; readonly board: BoardId; readonly exits: readonly number[] }
  /**
   * R10: one transaction: epoch + 1, owner, the old primary locked out, the fault; answered by `fenceRecorded`. `locksOut`
   * false: a planned switchover; the old primary stays in the pair as backup (R26).
   */
  | {
      readonly type: 'recordFence';
      readonly from: BoardId;
      readonly to: BoardId;
      readonly faultId: number;
      readonly epoch: number;
      readonly locksOut: boolean;
    }
  | { readonly type: 'recordTakeoverEnded'; readonly faultId: number }
  | { readonly type: 'recordStopped'; readonly stopped: boolean }
  /** Something about the installation that a later start is to know; the last one of a name counts. */
  | { readonly type: 'keepFact'; readonly name: string; readonly value: string }
  | { readonly type: 'openFault'; readonly fault: FaultRecord }
  | {
      readonly type: 'noteFault';
      readonly faultId: number;
      readonly step: FaultStep;
      readonly atUs: number;
      readonly detail: FaultDetail;
    }
  /** For a report; nothing is decided by it. */
  | {
      readonly type: 'recordChronicle';
      readonly what: ChronicleKind;
      readonly atUs: number;
      readonly detail: FaultDetail;
    }
  /** The gateway runs. */
  | { readonly type: 'seen' }
  | { readonly type: 'count'; readonly counter: Counter; readonly board: BoardId | null };

/**
 * `started`, and what; `ended` in good order; how the pair `stands` since then; the `images` that its boards say they run; what somebody
 * `asked` for.
 */
export type ChronicleKind = 'started' | 'ended' | 'stands' | 'images' | 'asked';

export interface FaultRecord {
  readonly faultId: number;
  readonly code: FaultCode;
  /** The board that is at fault, null when it is none of them (or not known which). */
  readonly board: BoardId | null;
  readonly seq: Seq | null;
  readonly atUs: number;
  /** Named facts that made the gateway say so. */
  readonly evidence: FaultDetail;
}

export type FaultDetail = Readonly<Record<string, string | number | boolean | null>>;

export type FaultCode =
  | FailureReason
  | 'mismatch'
  | 'backup-behind'
  | 'link-degraded'
  | 'relay-stuck'
  | 'pair-stopped'
  | 'input-quarantined'
  | 'input-in-doubt'
  | 'gateway-restarted'
  | 'host-restarted'
  | 'ledger-tail-lost'
  | 'ledger-restored'
  | 'not-recorded'
  | 'pair-restarted'
  | 'own-mistake'
  | 'late-commit-refused'
  | 'joining-failed'
  | 'board-differs'
  | 'boards-swapped'
  | 'identity-twice'
  | 'board-flaps'
  | 'self-test-failed'
  | 'switched-over'
  | 'switchover-failed'
  | 'updating'
  | 'update-failed'
  | 'sensor-drift';

/** What a fault's timeline is made of, in the order it happens. */
export type FaultStep =
  | 'evidence'
  | 'declared-failed'
  | 'fenced'
  | 'relay-commanded'
  | 'relay-moved'
  | 'held-in-reset'
  | 'link-disturbed'
  | 'link-back'
  | 'reset'
  | 'violation-sent'
  | 'late-commit-refused'
  | 'first-input-given'
  | 'first-answer'
  | 'took-over'
  | 'set-aside'
  | 'intermittent'
  | 'kept-out'
  | 'joined'
  | 'flashed'
  | 'accepted'
  | 'abandoned'
  | 'stopped'
  | 'recorded-again'
  /** Not the core's: the gateway notes it with a fault (src/gateway/watch/supply-notes.ts). */
  | 'host-in-trouble'
  | 'ended';

export type Counter =
  | 'link-degraded'
  | 'probes'
  | 'ticks-skipped'
  | 'inputs-refused'
  /** Those that the sketch itself would not have (cc_reject): their result is an answer like any other. */
  | 'inputs-rejected'
  | 'stale-frames'
  | 'repeats-answered';
