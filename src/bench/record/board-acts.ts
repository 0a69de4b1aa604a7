import type { BoardName } from '../bench-board.js';

/**
 * Something by which a board's outputs come to stand for another input, as the frames on its link tell it. Times in
 * emulated microseconds.
 */
export type BoardAct =
  /** The COMMIT of this input has come to it: from here on it may write what the input sets. */
  | { readonly kind: 'granted'; readonly atUs: number; readonly seq: number; readonly execution: number }
  /** It begins to say DONE: by here it has written them. */
  | { readonly kind: 'acted'; readonly atUs: number; readonly seq: number; readonly execution: number }
  /** The end of a state has come to it, of a board that had last acted on this input; null: on none. It may write its levels. */
  | { readonly kind: 'giving'; readonly atUs: number; readonly seq: number | null; readonly execution: number }
  /** It says that it has taken that state: it has written them. */
  | { readonly kind: 'given'; readonly atUs: number; readonly seq: number | null; readonly execution: number }
  /** It tells of a new start: it has acted on nothing. */
  | { readonly kind: 'started'; readonly atUs: number };

/** An input of an upstream, when a board first got it. */
export interface GivenInput {
  readonly seq: number;
  readonly payload: Uint8Array;
  readonly atUs: number;
}

/** What the boards were given and did, from the world's own record. */
export interface Exchanges {
  readonly acts: Readonly<Record<BoardName, readonly BoardAct[]>>;
  /** Probes are none: they have seqs and set nothing. */
  readonly inputs: readonly GivenInput[];
}
