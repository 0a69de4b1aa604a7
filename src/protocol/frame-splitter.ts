import { type DiscardReason, decodeFrame, MAX_ENCODED_BYTES } from './frame-codec.js';
import { FRAME, type Message } from './messages.generated.js';

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
}

export type Received = ReceivedMessage | DiscardedBytes;

/**
 * Cuts bytes that come from no serial port (an emulated board's pins, a cable that is listened to) at the delimiters and
 * decodes what stands between them. Memory is one frame, whatever comes in: what is beyond a frame's length is counted alone.
 */
export class FrameSplitter {
  /** One byte more than a frame, so that the decoder sees that it is too long. */
  readonly #held = new Uint8Array(MAX_ENCODED_BYTES + 1);
  /** Bytes since the last delimiter. */
  #length = 0;

  push(chunk: Uint8Array): Received[] {
    const received: Received[] = [];
    for (const byte of chunk) {
      const ended = this.pushByte(byte);
      if (ended !== null) received.push(ended);
    }
    return received;
  }

  /** What ends with this byte; null: nothing. */
  pushByte(byte: number): Received | null {
    if (byte !== FRAME.delimiter) {
      if (this.#length < this.#held.length) this.#held[this.#length] = byte;
      this.#length++;
      return null;
    }
    const bytes = this.#length;
    this.#length = 0;
    if (bytes === 0) return null;
    const decoded = decodeFrame(this.#held.subarray(0, bytes));
    return decoded.ok ? decoded : { ...decoded, bytes };
  }
}
