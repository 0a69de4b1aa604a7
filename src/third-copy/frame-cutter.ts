const DELIMITER = 0;

/** Cuts what a board sends at its delimiters. Holds one frame at most: of a longer one the rest is dropped and counted. */
export class FrameCutter {
  overlongBytes = 0;
  readonly #held: Uint8Array;
  #length = 0;

  /** One byte more than a frame is kept, so that the decoder sees that it is too long. */
  constructor(maxFrameBytes: number) {
    this.#held = new Uint8Array(maxFrameBytes + 1);
  }

  /** The frames that `bytes` complete; never empty ones. */
  push(bytes: Uint8Array): Uint8Array[] {
    const frames: Uint8Array[] = [];
    for (const byte of bytes) {
      if (byte === DELIMITER) {
        if (this.#length > 0) frames.push(this.#held.slice(0, this.#length));
        this.#length = 0;
      } else if (this.#length === this.#held.length) {
        this.overlongBytes++;
      } else {
        this.#held[this.#length++] = byte;
      }
    }
    return frames;
  }
}
