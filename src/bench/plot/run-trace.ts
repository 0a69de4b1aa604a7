import type { BoardName } from '../bench-board.js';

/** One run of a scenario as it is drawn. Data alone: it goes to another process, and into a page. Times are whole microseconds from the first input on. */
export interface RunTrace {
  /** Empty where a scenario has one run. */
  readonly variant: string;
  readonly endUs: number;
  readonly inputs: readonly TracedInput[];
  /** In the order in which they are drawn: inputs, readings, outputs, results. */
  readonly tracks: readonly Track[];
  /** Who drives the actuator from then on; null: the contact is open. */
  readonly drives: readonly { readonly atUs: number; readonly board: BoardName | null }[];
  /** When the scenario put its fault in; null: it put none in. */
  readonly injectedUs: number | null;
  readonly faults: readonly TracedFault[];
  /** Levels at the actuator that were wrong. */
  readonly wrong: readonly { readonly atUs: number; readonly text: string }[];
  /** What was promised and was not so: sentences. */
  readonly failures: readonly string[];
  /** Points that are missing because a line had too many. */
  readonly dropped: number;
}

export interface TracedInput {
  readonly id: number;
  readonly sentUs: number;
  /** Null: never. */
  readonly answeredUs: number | null;
  /** It was answered once more without the mark of a repeat, or a person has given it up. */
  readonly note: 'twice' | 'given up' | null;
}

/** A value over time, as one or several have it. */
export interface Track {
  readonly kind: 'input' | 'reading' | 'output' | 'result';
  readonly name: string;
  readonly unit: string;
  readonly lines: readonly TrackLine[];
}

export interface TrackLine {
  readonly of: BoardName | 'client' | 'actuator';
  /** Each value from its time on. */
  readonly points: readonly (readonly [atUs: number, value: number])[];
  /** When it was said for the last time; null: it holds to the end, as a pin does. */
  readonly untilUs: number | null;
}

export interface TracedFault {
  readonly id: number;
  readonly title: string;
  readonly steps: readonly { readonly atUs: number; readonly text: string }[];
}
