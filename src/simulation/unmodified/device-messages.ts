import type { ResultEnding } from '../../pair/result/messages.js';

/** What goes to a board: bytes of its own protocol, in effect. */
export interface DeviceRequest {
  /** Tells a model's requests apart. On a real wire nothing does: that the answer is that of the request is the dialect's to see to. */
  readonly id: number;
  /** Null: a harmless question, to see whether anybody is there. */
  readonly payload: Uint8Array | null;
}

export type DeviceReply =
  | {
      readonly kind: 'answer';
      readonly id: number;
      readonly rejected: boolean;
      readonly body: Uint8Array;
      readonly ending: ResultEnding | null;
    }
  /** It says this unasked. */
  | { readonly kind: 'said'; readonly body: Uint8Array }
  /** What it says whenever it starts. */
  | { readonly kind: 'banner' };

/** First byte of an answer by which a board has not taken what it was given. */
export const NOT_TAKEN_CODE = 6;
