import type { RawType } from '../values/raw-value.js';
/** One fault as the ledger keeps it, told by faults/story.ts. Times in microseconds of the gateway's monotonic clock. */
export interface StoredFault {
  readonly id: number;
  readonly code: string;
  readonly board: string | null;
  readonly seq: number | null;
  readonly atUs: number;
  /** Wall clock of the moment, ISO 8601, and whether the clock was known to be set. */
  readonly wallTime: string;
  readonly wallTimeTrusted: boolean;
  readonly bootId: string;
  readonly evidence: Readonly<Record<string, string | number | boolean | null>>;
  readonly timeline: readonly StoredFaultStep[];
  /** The input concerned, when there is one. */
  readonly input: {
    readonly ref: string;
    readonly kind: string;
    readonly payload: Uint8Array;
    readonly result: readonly Uint8Array[] | null;
  } | null;
  readonly closedAt: string | null;
  /** How often the same fault has come again and was counted instead of written. */
  readonly repeats: number;
}

export interface StoredFaultStep {
  readonly step: string;
  readonly atUs: number;
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}

/** Where a named value lies in a payload or a result, so that a person reads degrees and not hex. */
export interface Field {
  readonly name: string;
  readonly type: RawType;
  /** Which part of a result, from 0; absent: the first. */
  readonly part?: number;
  /** Byte offset, little-endian. */
  readonly offset: number;
  readonly scale: number;
  readonly unit: string;
}

export interface FieldMap {
  readonly input: readonly Field[];
  readonly result: readonly Field[];
  /** What the boards read for themselves, in the order in which they report it; absent: nobody has named it. */
  readonly sources?: readonly Source[];
}

export interface Source {
  readonly name: string;
  readonly unit: string;
  readonly scale: number;
}
