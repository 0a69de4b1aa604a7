/**
 * What the core hears from a board and says to it. Whatever protocol the board speaks (harness frames today), its link
 * turns it into these; the core never asks which one it is. No field names a role, a peer or the epoch (R28).
 */

export type BoardId = string;
/** Identity of an input: from a range reserved in the ledger, never used twice (R1). Not an order. */
export type Seq = number;

/** What a board has answered to a line that asks for one of its settings, without what is not compared. */
export interface Setting {
  readonly asked: string;
  readonly answer: string;
}

export interface Hello {
  readonly kind: 'hello';
  /** This very board, whatever it runs: made once and kept; 0: the board cannot tell. */
  readonly unit: number;
  /** Which life it leads: another number after each restart; null: it cannot tell. */
  readonly boot: number | null;
  /** What it runs; null: it cannot tell. */
  readonly imageHash: number | null;
  /** Where that is a hash of its settings, they themselves, so that a person is told which of them differ. Absent: it is not. */
  readonly settings?: readonly Setting[];
  /** How its state is laid out: only the same is given to it; null: it cannot tell. */
  readonly stateLayout: number | null;
  /** Size of the registered state; what a transfer carries (R25). */
  readonly stateBytes: number;
  /** False: the board cannot give or take its state; it joins by a replay from the ledger (R25). */
  readonly transfersState: boolean;
  /** So many output levels a transferred state may bring it; one with more it could not even read (R25). */
  readonly mostOutputs: number;
  readonly rxBytes: number;
  /** A span: seq n + window is not sent before n is done. */
  readonly window: number;
  readonly resetCause: string;
  readonly failed: boolean;
  readonly parked: boolean;
  /** Its link has heard it start, and has given it nothing since but what only asks. Absent: it has not. */
  readonly isFresh?: boolean;
  /** Inputs executed in this life of the board; where it cannot tell that, those that its link has seen answered since it was opened. */
  readonly executionCount: number;
  /** Of its state; null: it cannot tell. */
  readonly digest: number | null;
  /** Seqs of the results the board still keeps, oldest executed first. */
  readonly kept: readonly Seq[];
  /** Bit i: kept[i] has been acted on. */
  readonly actedBits: number;
}

/** A whole result: its link has collected every part up to the explicit end (R4). */
export interface Result {
  readonly kind: 'result';
  readonly seq: Seq;
  /** How many inputs this board has executed, this one included: the order of execution (R3). */
  readonly executionCount: number;
  readonly parts: readonly ResultPart[];
  /** Digest of the board's state after this input (R18); null: it cannot tell. */
  readonly digest: number | null;
  /**
   * What two boards must agree on, and what a commit names: hash of parts and digest. Of a link that leaves parts of an
   * answer out of the comparison it is the hash of what is left; `parts` hold the answer as it came.
   */
  readonly hash: number;
  /** The board's own readings, in the order it took them (R21). */
  readonly observed: readonly number[];
  /** False: the board answers another input than the one that was sent under this seq (R15). */
  readonly inputMatches: boolean;
  /** How often its link has sent it again, as what went before was lost; of a link that counts that (BoardWire.countsRepeats). */
  readonly sentAgain?: number;
  /** Absent: the input is finished, and this is what came of it. */
  readonly ending?: ResultEnding;
}

/**
 * How an input ends that does not end in a result of its own. `unfinished`: accepted, and its end is not judged (it is copied).
 * `in-doubt`: the board itself cannot say whether it was done (passed on, a fault, and the boards are compared before they count as
 * protected). `not-taken`: it was not executed, and is no copy for anybody.
 */
export type ResultEnding = 'unfinished' | 'in-doubt' | 'not-taken';

export interface ResultPart {
  readonly rejected: boolean;
  readonly body: Uint8Array;
}

export interface Done {
  readonly kind: 'done';
  readonly seq: Seq;
  /** The seq is older than what the board keeps: it was acted on long ago, or never given. */
  readonly stale: boolean;
  readonly readBack: readonly number[];
}

export interface Failed {
  readonly kind: 'failed';
  readonly reason: string;
  readonly detail: number;
}

export interface Offer {
  readonly kind: 'offer';
  readonly payload: Uint8Array;
}

/** A chunk of a board's state, or, without data, the answer to the last STATE_PUT (R25). */
export interface StateChunk {
  readonly kind: 'state';
  /** The input boundary it belongs to: inputs executed before it. */
  readonly executionCount: number;
  readonly last: boolean;
  /** An input is in work or a result waits: there is no state to give. */
  readonly busy: boolean;
  /** Answer to the last STATE_PUT: the state is whole, count and output levels are set. */
  readonly accepted: boolean;
  /** Of a chunk: where its data begins; of a refused STATE_PUT: how many bytes have come in order. */
  readonly offset: number;
  /** Null: the board cannot tell one. */
  readonly digest: number | null;
  readonly outputs: readonly number[];
  readonly data: Uint8Array;
}

/** What one part of a self-test says; `not-tested`: nothing was found out, for better or worse. */
export type SelfTestVerdict = 'ok' | 'bad' | 'not-tested';

/**
 * Outcome of one slice of the self-test (R19). A board is well when every slice from 0 to the last one is answered, in that
 * order, and none says `bad`; the board itself goes on as before whatever is found.
 */
export interface SelfTestReport {
  readonly kind: 'selfTestReport';
  readonly slice: number;
  /** No slice comes after it. */
  readonly last: boolean;
  /** Said once, by the last slice, for the whole image; `not-tested` before, and when slices were left out. */
  readonly flash: SelfTestVerdict;
  /** Of the memory that this slice covers. */
  readonly ram: SelfTestVerdict;
  /** With `ram: bad`: the first cell that failed, in bytes from the begin of the board's RAM; otherwise null. */
  readonly ramFaultAt: number | null;
  readonly cpu: SelfTestVerdict;
}

/** What a board says that answers no input: passed on from the primary alone. */
export interface Said {
  readonly kind: 'said';
  readonly body: Uint8Array;
}

/** It lives, and says nothing else by it: no input is answered. */
export interface Alive {
  readonly kind: 'alive';
  /** It has answered a part of what its link asks for this input: the rest has its time from now on (R14). */
  readonly seq?: Seq;
}

/** R19: all that it was to be examined by has been read. What was found against it was said before, as a failure. */
export interface Examined {
  readonly kind: 'examined';
}

export type FromBoard = Hello | Result | Done | Failed | Offer | StateChunk | SelfTestReport | Said | Alive | Examined;

export type ToBoard =
  | { readonly kind: 'helloRequest' }
  | {
      readonly kind: 'open';
      readonly newSession: number;
      readonly wasSession: number;
      /** As HELLO said it; null: the board cannot tell which life it leads. */
      readonly boot: number | null;
      readonly resume: boolean;
      readonly nextSeq: Seq;
    }
  | {
      readonly kind: 'input';
      readonly seq: Seq;
      readonly probe: boolean;
      readonly recall: boolean;
      /** The execution count it must get: the board executes it after the one before, whatever came first; 0: any (R3). */
      readonly position: number;
      readonly pairTimeMs: number;
      /** What the board is to compute with instead of its own readings; null: it reads for itself (R21). */
      readonly observed: readonly number[] | null;
      readonly payload: Uint8Array;
    }
  | { readonly kind: 'commit'; readonly seq: Seq; readonly hash: number }
  | { readonly kind: 'wait'; readonly seq: Seq }
  | { readonly kind: 'violation'; readonly seq: Seq }
  | { readonly kind: 'stateGet'; readonly offset: number }
  | {
      readonly kind: 'statePut';
      readonly executionCount: number;
      readonly offset: number;
      readonly last: boolean;
      readonly outputs: readonly number[];
      readonly data: Uint8Array;
    }
  /** One slice of the self-test; answered by a report, and asked again when that was lost. */
  | { readonly kind: 'selfTest'; readonly slice: number }
  /** Its link reads what would show that it is not as it was left (R19): answered by `examined`, and before that by `failed` where it is not. */
  | { readonly kind: 'examine' }
  | { readonly kind: 'reset' };
