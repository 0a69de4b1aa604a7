import type { Difference } from '../result/compare.js';
import type { BoardId, Seq } from '../result/messages.js';

/** What an image says of itself in HELLO, known before it is flashed. */
export interface ImageFacts {
  readonly imageHash: number;
  readonly stateLayout: number;
  /** Size of the registered state. */
  readonly stateBytes: number;
}

/**
 * `flashing`: the board is out of the pair, and its port is the flasher's; `joining`: it has its program and joins (R25);
 * `trial`: its program is another one than the primary's, and its results are compared with those of the primary and
 * listed; `switching`: a person has accepted what differs, and it becomes the primary; `failed`: it stays out.
 */
export type UpdateStage = 'flashing' | 'joining' | 'trial' | 'switching' | 'failed';

/** A board gets another program (R26). Nothing of it outlives the gateway but the board's member state and the fault log. */
export interface Update {
  readonly board: BoardId;
  /** The file that is flashed. */
  readonly image: string;
  /** Null: not known before the board says it. */
  readonly facts: ImageFacts | null;
  /** Reads the old state from its input and writes the new one; null: the layouts must be the same. */
  readonly converter: string | null;
  /** Inputs that a trial compares at least. */
  readonly comparisons: number;
  /** Under which the story of this update is noted. */
  readonly faultId: number;
  stage: UpdateStage;
  /** Why it failed, for a person; null: it has not. */
  why: string | null;
  trial: Trial;
}

/** Two programs side by side on the same inputs. Probes do not count. */
export interface Trial {
  compared: number;
  /** Inputs whose results or states differed. */
  differing: number;
  /** What differed, by the field's name; `state`: nothing but the digest of the state. */
  readonly fields: Map<string, FieldTrial>;
  /** Differences in fields beyond as many as are told apart. */
  others: number;
}

export interface FieldTrial {
  /** Inputs in which it differed. */
  times: number;
  firstSeq: Seq;
  /** Both values at the first of them; null: only the state differed, or the number of parts. */
  readonly first: Difference | null;
  /** The greatest distance so far, in units; null: no numbers. */
  largest: number | null;
}

export function newTrial(): Trial {
  return { compared: 0, differing: 0, fields: new Map(), others: 0 };
}

/** What became of a state that was to be laid out for another program. */
export interface StateConverted {
  readonly board: BoardId;
  /** The boundary that the converted state belongs to. */
  readonly executionCount: number;
  /** Null: the converter has failed. */
  readonly bytes: Uint8Array | null;
  /** What it said then. */
  readonly failure: string;
}
