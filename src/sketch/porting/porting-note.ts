/** What kind of thing keeps a sketch from being a function of what it is given (R21), or its board from doing its part. */
export type PortingKind =
  | 'pin'
  | 'clock'
  | 'wait'
  | 'serial'
  | 'chance'
  | 'device'
  | 'state'
  | 'interrupt'
  | 'not-begun';

/** One line of a sketch that a person must decide about or change. */
export interface PortingNote {
  /** As its user would type it. */
  readonly file: string;
  readonly line: number;
  /** From 1. */
  readonly column: number;
  readonly kind: PortingKind;
  /** What stands there: `digitalWrite(9, HIGH)`. */
  readonly found: string;
  /** What to write instead, or what to decide. */
  readonly advice: string;
}
