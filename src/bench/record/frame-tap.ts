import { FrameSplitter } from '../../protocol/frame-splitter.js';
import { FRAME, type Message } from '../../protocol/messages.generated.js';

/** Hears the frames on one line of a board, byte by byte, with their own times. */
export class FrameTap {
  readonly #splitter = new FrameSplitter();
  #isInFrame = false;
  #beganUs = 0;

  /** @param onMessage a whole frame: the time of its first byte and of its last, the delimiter */
  constructor(private readonly onMessage: (message: Message, beganUs: number, endedUs: number) => void) {}

  push(byte: number, atUs: number): void {
    if (!this.#isInFrame) this.#beganUs = atUs;
    this.#isInFrame = byte !== FRAME.delimiter;
    const received = this.#splitter.pushByte(byte);
    if (received?.ok === true) this.onMessage(received.message, this.#beganUs, atUs);
  }
}
