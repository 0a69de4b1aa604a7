import type { RawType } from './raw-value.js';

/** Where a named value lies in a payload or a result, so that a person reads degrees and not hex. */
export interface NamedField {
  readonly name: string;
  /** For people; empty: none. */
  readonly unit: string;
  readonly type: RawType;
  /** Which part of a result, from 0; absent: the first. */
  readonly part?: number;
  /** Where it begins, in bytes; little-endian. */
  readonly offset: number;
  /** What one step is worth, in units. */
  readonly scale: number;
}

/** An output of the sketch (cc_output), in the order of its numbers. */
export interface NamedOutput {
  readonly name: string;
  /** Of the board, for people: `D9`; empty: not said. */
  readonly pin: string;
  readonly unit: string;
  readonly scale: number;
}

/** A reading that a board reports with its results, in the order in which it takes them (R21). */
export interface NamedSource {
  readonly name: string;
  readonly unit: string;
  readonly scale: number;
}
