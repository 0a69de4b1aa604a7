import { decodeFrame, MAX_ENCODED_BYTES } from '../../protocol/frame-codec.js';
import type { Message } from '../../protocol/messages.generated.js';

const DELIMITER = 0;

/** Hears the frames on one line of a board, byte by byte, with their own times. */
export class FrameTap {
  readonly #bytes = new Uint8Array(MAX_ENCODED_BYTES);
  #length = 0;
  #beganUs = 0;

  /** @param onMessage a whole frame: the time of its first byte and of its last, the delimiter */
  constructor(private readonly onMessage: (message: Message, beganUs: number, endedUs: number) => void) {}

  push(byte: number, atUs: number): void {
    if (byte === DELIMITER) {
      const length = this.#length;
      this.#length = 0;
      // What is longer than a frame is none.
      if (length === 0 || length > MAX_ENCODED_BYTES) return;
      const decoded = decodeFrame(this.#bytes.slice(0, length));
      if (decoded.ok) this.onMessage(decoded.message, this.#beganUs, atUs);
      return;
    }
    if (this.#length === 0) this.#beganUs = atUs;
    if (this.#length < MAX_ENCODED_BYTES) this.#bytes[this.#length] = byte;
    if (this.#length <= MAX_ENCODED_BYTES) this.#length++;
  }
}
