import type { FieldMap } from '../../faults/stored-fault.js';

/** An input with all that its result depends on (R21), as somebody has recorded it. */
export interface RecordedInput {
  /** Its seq in a ledger; the line of a CSV file. */
  readonly number: number;
  readonly payload: Uint8Array;
  readonly pairTimeMs: number;
  /** What the board computed with, in the order in which it read; null: nobody has written that down. */
  readonly observed: readonly number[] | null;
  /** What the pair made of it; null: nobody has written that down. */
  readonly result: RecordedResult | null;
}

export interface RecordedResult {
  readonly parts: readonly { readonly body: Uint8Array; readonly rejected: boolean }[];
  /** Of the state afterwards; null: its board could not tell. */
  readonly digest: number | null;
}

/** Recorded inputs in the order in which they were executed. */
export interface Recording {
  /** For people: where they come from. */
  readonly from: string;
  /** null: both boards began anew there. */
  readonly inputs: readonly (RecordedInput | null)[];
  /** Inputs that ended without a result, or of which the ledger does not have all that is needed. */
  readonly leftOut: number;
  /** The names that the gateway had; null: it had none. */
  readonly fields: FieldMap | null;
}
