import type { BoardId, ResultPart, Seq } from './messages.js';

/** What the ledger has of one unfinished input, as a start or a fence transaction reads it. */
export interface InputRow {
  readonly seq: Seq;
  /** The upstream's own id with its source in front (`tcp:42`, `tick`), so that a repeat is known (R23). */
  readonly ref: string;
  readonly kind: InputKind;
  readonly pairTimeMs: number;
  readonly payload: Uint8Array;
  /** The committed result, if there is one; `executionCount` is the committing board's (R3). */
  readonly commit: CommitRow | null;
  /** True when the answer is known to have left upstream. */
  readonly emitted: boolean;
  /** Boards that have acted on it (DONE recorded). */
  readonly doneBy: readonly BoardId[];
  readonly quarantined: boolean;
  /** Over, but its answer is not known to have left: a start answers it and gives it to nobody (R9). */
  readonly finished: boolean;
  /** Boards that were given it while alone in charge (R22: a second death quarantines). */
  readonly attemptedBy: readonly BoardId[];
}

export interface CommitRow {
  readonly board: BoardId;
  readonly epoch: number;
  readonly hash: number;
  readonly executionCount: number;
  /** Null: its board could not tell, and this life of the gateway has seen that. */
  readonly digest: number | null;
  readonly parts: readonly ResultPart[];
  readonly observed: readonly number[];
}

/**
 * `input`: from an upstream; `tick`: cyclic; `offer`: a board saw it; `probe`: a no-op that watches an idle pair (R16);
 * `recovered`: executed by a board beyond what the ledger kept of it over a host power loss (R27).
 */
export type InputKind = 'input' | 'tick' | 'offer' | 'probe' | 'recovered';

/**
 * `in-sync`: may take over; `joining`: has been given the state and is compared, may not take over yet; `set-aside`: out
 * of the pair until it joins again; `locked-out`: so too, and fenced: its commits are constraint violations; `kept-out`:
 * fenced, and only a person lets it join again (R25).
 */
export type MemberState = 'in-sync' | 'joining' | 'set-aside' | 'locked-out' | 'kept-out';

export interface BoardRow {
  readonly board: BoardId;
  readonly standing: MemberState;
  /** Last session given to it, 0 when none. */
  readonly session: number;
  readonly boot: number | null;
  /** Pair times, in milliseconds and in order, at which it left the pair by a fault of its own, lately (R19). */
  readonly exits: readonly number[];
}

/** Everything a start needs to know; `restore` turns it into the state that the core had. */
export interface LedgerRows {
  readonly epoch: number;
  readonly owner: BoardId;
  readonly boards: readonly BoardRow[];
  /** Unfinished inputs, in seq order. */
  readonly inputs: readonly InputRow[];
  /** Seqs up to this one may be in use: the next seq is above it (R1). */
  readonly reservedThroughSeq: Seq;
  /** Highest seq that there is an input for, 0 when none: what a board has executed beyond it, the ledger has lost (R27). */
  readonly highestSeq: Seq;
  /** Highest pair time given out. */
  readonly pairTimeMs: number;
  /** No pair time beyond this has been given out, whatever the file that knows it exactly has lost (R27). */
  readonly reservedPairTimeMs: number;
  /** Highest execution count that a commit of the primary's line recorded, 0 when none (R3). */
  readonly executionCount: number;
  readonly nextFaultId: number;
  /** A takeover whose fence is recorded and whose relay move is not known to have ended: rolled forward (R10). */
  readonly unfinishedTakeover: {
    readonly faultId: number;
    readonly from: BoardId;
    readonly to: BoardId;
    /** A switchover: `from` is not locked out (R26). */
    readonly planned: boolean;
    /** Code of the fault that began it: a board that was judged wrong is not believed after a restart either (R19). */
    readonly reason: string | null;
  } | null;
  /** The pair was stopped for the operator. */
  readonly stopped: boolean;
  /** The host has been booted since the ledger was last written, or its journal was gone (R27). */
  readonly hostRestarted: boolean;
  /** The ledger was new. */
  readonly fresh: boolean;
  /** What was kept about the installation, by name (`keepFact`). */
  readonly facts: Readonly<Record<string, string>>;
}
