import { type DiscardReason, decodeFrame, MAX_ENCODED_BYTES } from './frame-codec.js';
import type { Message } from './messages.generated.js';

export interface ReceivedMessage {
  readonly ok: true;
  readonly message: Message;
}

/** Bytes that were no message: to be counted, never to be acted on. */
export interface DiscardedBytes {
  readonly ok: false;
  readonly reason: DiscardReason;
  /** How many bytes were thrown away, delimiters not counted. */
  readonly bytes: number;
  /** The first of them, at most a frame's length, for the log. */
  readonly discarded: Uint8Array;
}

export type Received = ReceivedMessage | DiscardedBytes;

const DELIMITER = 0;

/**
 * Cuts a byte stream at the delimiters and decodes what stands between them. Memory is one frame, whatever comes in:
 * beyond a frame's length bytes are counted and dropped up to the next delimiter, and what has been dropped is reported
 * with every push, so that a board that never sends a delimiter is seen too.
 */
export class FrameSplitter {
  readonly #held = new Uint8Array(MAX_ENCODED_BYTES);
  #length = 0;
  #overlong = false;
  #droppedBytes = 0;

  push(chunk: Uint8Array): Received[] {
    const received: Received[] = [];
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number; // in range by the loop
      if (byte === DELIMITER) {
        this.#end(received);
      } else if (this.#overlong) {
        this.#droppedBytes++;
      } else if (this.#length === MAX_ENCODED_BYTES) {
        this.#overlong = true;
        this.#droppedBytes = this.#length + 1;
      } else {
        this.#held[this.#length++] = byte;
      }
    }
    if (this.#overlong) this.#reportDropped(received);
    return received;
  }

  /** Forgets a begun frame, as after a reopened port. */
  reset(): void {
    this.#length = 0;
    this.#overlong = false;
    this.#droppedBytes = 0;
  }

  #end(received: Received[]): void {
    if (this.#overlong) {
      this.#reportDropped(received);
    } else if (this.#length > 0) {
      const bytes = this.#held.slice(0, this.#length);
      const decoded = decodeFrame(bytes);
      received.push(decoded.ok ? decoded : { ...decoded, bytes: bytes.length, discarded: bytes });
    }
    this.reset();
  }

  #reportDropped(received: Received[]): void {
    if (this.#droppedBytes === 0) return;
    const discarded = this.#held.slice(0, this.#length);
    received.push({ ok: false, reason: 'too-long', bytes: this.#droppedBytes, discarded });
    this.#droppedBytes = 0;
    this.#length = 0;
  }
}
