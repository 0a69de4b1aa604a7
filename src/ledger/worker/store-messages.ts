import type { BoardRow, InputRow } from '../../pair/result/ledger-rows.js';
import type { Seq } from '../../pair/result/messages.js';
import type { LedgerRequest } from '../../pair/state/effects.js';
import type { LedgerAnswer } from '../../pair/state/events.js';

type Request<T extends LedgerRequest['type']> = Extract<LedgerRequest, { type: T }>;

/** A commit as it crosses to the worker: parts in one BLOB, readings as JSON. */
export type CommitRequest = Omit<Request<'requestCommit'>, 'parts' | 'observed'> & {
  readonly result: Uint8Array;
  readonly observed: string;
};

/** What one SQLite file is asked to write. The same program serves every file; who gets what is decided in routing. */
export type StoreRequest =
  | CommitRequest
  | Request<
      | 'recordInput'
      | 'recordDone'
      | 'recordEmitted'
      | 'recordVerdict'
      | 'finishInput'
      | 'recordAttempt'
      | 'quarantine'
      | 'releaseInput'
      | 'dropInput'
      | 'readHistory'
      | 'beginLine'
      | 'recordTakeoverEnded'
      | 'keepFact'
    >
  /** `pairTimeMs` is reserved like the seqs: a host that loses power loses the journal, not this. */
  | {
      readonly type: 'reserveSeqs';
      readonly throughSeq: Seq;
      readonly pairTimeMs: number;
      readonly answer: boolean;
      /** ISO 8601: that the gateway runs rides with it. */
      readonly seenAt?: string;
    }
  | (Request<'recordChronicle'> & { readonly wallTime: string; readonly wallTimeTrusted: boolean })
  /** The gateway runs, at this time of day. */
  | { readonly type: 'seen'; readonly wallTime: string }
  | (Request<'recordSession'> & { readonly revision: number })
  | (Request<'recordMemberState'> & { readonly revision: number })
  | (Request<'recordHealth'> & { readonly revision: number })
  | (Request<'recordFence'> & { readonly revision: number; readonly answer: boolean })
  | (Request<'recordStopped'> & { readonly revision: number })
  | {
      readonly type: 'openFault';
      readonly faultId: number;
      readonly code: string;
      readonly board: string | null;
      readonly seq: Seq | null;
      readonly atUs: number;
      readonly evidence: string;
      readonly wallTime: string;
      readonly wallTimeTrusted: boolean;
      /** Of an event: it is closed as it is opened. */
      readonly closedAt?: string;
    }
  | {
      readonly type: 'noteFault';
      readonly faultId: number;
      readonly step: string;
      readonly atUs: number;
      readonly detail: string;
    }
  | { readonly type: 'addRepeats'; readonly faultId: number; readonly repeats: number }
  /** Read the input a fault speaks of, to be copied beside the fault. */
  | { readonly type: 'readInput'; readonly seq: Seq }
  | { readonly type: 'keepFaultInput'; readonly input: FaultInput }
  | { readonly type: 'setCounters'; readonly totals: readonly CounterTotal[] }
  | { readonly type: 'align'; readonly alignment: Alignment };

export interface FaultInput {
  readonly seq: Seq;
  readonly ref: string;
  readonly kind: string;
  readonly payload: Uint8Array;
  readonly result: Uint8Array | null;
}

export interface CounterTotal {
  readonly counter: string;
  readonly board: string;
  readonly total: number;
}

export interface TakeoverRow {
  readonly faultId: number;
  readonly from: string;
  readonly to: string;
  readonly epoch: number;
  /** A switchover (R26). */
  readonly planned: boolean;
  /** Code of its fault; null: this file does not have that. */
  readonly reason: string | null;
  readonly ended: boolean;
}

/** A board's row with the number of its last change, so that of two files the later one is believed. */
export type RevisedBoardRow = BoardRow & { readonly revision: number };

/** What one file knows when it is opened. `lease` is null in a new file. */
export interface Snapshot {
  readonly bootId: string | null;
  readonly hostRestarted: boolean;
  readonly lease: { readonly epoch: number; readonly owner: string } | null;
  readonly boards: readonly RevisedBoardRow[];
  readonly takeovers: readonly TakeoverRow[];
  readonly inputs: readonly InputRow[];
  readonly reservedThroughSeq: Seq;
  readonly highestSeq: Seq;
  readonly pairTimeMs: number;
  readonly executionCount: number;
  /** The line of execution that the count belongs to (R25). */
  readonly line: number;
  readonly highestFaultId: number;
  readonly stopped: boolean;
  readonly stoppedRevision: number;
  readonly counters: readonly CounterTotal[];
  readonly settings: Readonly<Record<string, string>>;
}

/** What all files of a ledger are brought to at a start. */
export interface Alignment {
  readonly bootId: string;
  readonly hostRestarted: boolean;
  readonly lease: { readonly epoch: number; readonly owner: string };
  readonly boards: readonly RevisedBoardRow[];
  readonly takeovers: readonly TakeoverRow[];
  readonly reservedThroughSeq: Seq;
  readonly pairTimeMs: number;
  readonly executionCount: number;
  readonly line: number;
  readonly stopped: boolean;
  readonly stoppedRevision: number;
  readonly counters: readonly CounterTotal[];
  readonly settings: Readonly<Record<string, string>>;
  /** False for the disk's file beside a journal, which has taken its inputs over. */
  readonly keepsInputs: boolean;
  /** False for the journal, whose faults have been carried to the disk's file. */
  readonly keepsFaults: boolean;
}

export type StoreAnswer = LedgerAnswer | { readonly type: 'inputRead'; readonly input: FaultInput };

/** How a file is opened. `full`: a commit is answered after its fsync; `off`: a killed process loses nothing, a host may. */
export interface StoreOptions {
  readonly path: string;
  readonly synchronous: 'full' | 'off';
  readonly keepInputs: number;
  readonly keepFaults: number;
  readonly bootId: string;
  /** Files that say, while they are there, that inputs are in memory alone; for the file that decides about them. */
  readonly markers?: readonly string[];
  /** Something else says that a ledger was here: what cannot be read is a damaged one, and nobody's text file. */
  readonly isKnown?: boolean;
  /** It lies in a folder that nobody else may write to. */
  readonly isJournal?: boolean;
  /** Written where the core runs (client/inline-port.ts): it waits for no lock, and its log is written back in small pieces. */
  readonly isInline?: boolean;
  /** Where a file that is made anew in its place is locked; the process has the first one locked. Null: nowhere. */
  readonly lockFolder?: string | null;
}

/** What a start brings from one file of the ledger to another. */
export type CarriedRows = 'inputs' | 'faults';

export type ToWorker =
  | { readonly type: 'batch'; readonly requests: readonly StoreRequest[] }
  /** Take over the inputs of another file, for a ledger whose durability or journal folder was changed. */
  | { readonly type: 'carry'; readonly fromPath: string; readonly what: CarriedRows }
  /** Is the file what it was; and if it was not to be used, is it by now (R17)? */
  | { readonly type: 'checkFile' }
  | { readonly type: 'close' };

/**
 * The transaction is in: in the file, or, where `standby` is told, in memory. `refusals` are requests that the schema would
 * not take: our own mistakes, never the world's.
 */
export interface StoreWritten {
  readonly type: 'written';
  readonly answers: readonly StoreAnswer[];
  readonly refusals: readonly string[];
  readonly standby?: Standby | null;
}

/** Nothing of the batch is in the file: another program has it locked, or a start finds it unusable. */
export interface StoreFailed {
  readonly type: 'failed';
  readonly code: string;
  readonly message: string;
}

/** Why a file is not written, and what memory could not hold meanwhile (R17, R6). */
export interface Standby {
  /** What SQLite said, or `GONE`: the path does not name the file any more. */
  readonly code: string;
  readonly message: string;
  /** Finished inputs and old faults that were dropped for room, and will not come to the file. */
  readonly droppedInputs: number;
  readonly droppedFaults: number;
  /** New inputs that wait because the standby store is full. */
  readonly heldInputs: number;
}

export type FromWorker =
  | { readonly type: 'opened'; readonly snapshot: Snapshot; readonly notes: readonly string[] }
  | { readonly type: 'openFailed'; readonly code: string; readonly message: string }
  | StoreWritten
  | StoreFailed
  /** `answers`: of inputs that had found the standby store full; `notes`: what a file that was damaged has lost. */
  | {
      readonly type: 'fileChecked';
      readonly answers: readonly StoreAnswer[];
      readonly standby: Standby | null;
      readonly notes: readonly string[];
    }
  | { readonly type: 'carried' }
  | { readonly type: 'closed' };
