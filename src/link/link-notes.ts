import type { BoardId } from '../pair/result/messages.js';

/** What a link has to say that is not for the core. */
export type LinkNote = { readonly board: BoardId } & (
  | { readonly kind: 'log'; readonly session: number; readonly text: string }
  /** The port could not be opened: said once for each reason, while the link goes on trying. */
  | { readonly kind: 'openFailed'; readonly reason: string }
  /** The board speaks another version of the wire and is not listened to. */
  | { readonly kind: 'wrongProtocol'; readonly spoken: number; readonly expected: number }
  /** What is no frame reads as text: the sketch prints where the harness speaks. Said once in each opening. */
  | { readonly kind: 'printed'; readonly text: string }
  /** What the board said when it started, from its banner on; a character is a byte. */
  | { readonly kind: 'banner'; readonly text: string }
  /** An offer that would not fit an input. */
  | { readonly kind: 'offerTooLong'; readonly bytes: number; readonly maxBytes: number }
);
