import type { NamedField, NamedOutput, NamedSource } from '../values/named-field.js';

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
    /** The sketch would not have it (cc_reject): what its result says has no fields. Absent: no. */
    readonly rejected?: boolean;
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

export interface FieldMap {
  readonly input: readonly NamedField[];
  readonly result: readonly NamedField[];
  /** What the boards remember; absent: nobody has named it. */
  readonly state?: readonly NamedField[];
  /** What the boards read for themselves, in the order in which they report it; absent: nobody has named it. */
  readonly sources?: readonly NamedSource[];
  /** What the boards put out, in the order of cc_output; absent: nobody has named it. */
  readonly outputs?: readonly NamedOutput[];
}
