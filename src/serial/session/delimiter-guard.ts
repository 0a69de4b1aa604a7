const DELIMITER = 0;

/**
 * Stands before the delimiter parser, which holds whatever comes until a delimiter does. Of a run without a delimiter it
 * lets `maxFrameBytes + 1` bytes through, so that the decoder sees that it is too long, then puts in a delimiter and
 * drops the rest of the run.
 */
export class DelimiterGuard {
  /** Bytes dropped so far. */
  overlongBytes = 0;
  #run = 0;

  constructor(private readonly maxFrameBytes: number) {}

  /** What of `chunk` may go to the parser: the chunk itself in the usual case, a shorter copy otherwise. */
  pass(chunk: Buffer): Buffer {
    let run = this.#run;
    let overlong = run > this.maxFrameBytes;
    for (const byte of chunk) {
      run = byte === DELIMITER ? 0 : run + 1;
      if (run > this.maxFrameBytes) overlong = true;
    }
    if (overlong) return this.#shortened(chunk);
    this.#run = run;
    return chunk;
  }

  #shortened(chunk: Buffer): Buffer {
    const passed = Buffer.allocUnsafe(chunk.length + 1 + Math.ceil(chunk.length / this.maxFrameBytes));
    let length = 0;
    for (const byte of chunk) {
      if (byte === DELIMITER) {
        this.#run = 0;
        passed[length++] = byte;
        continue;
      }
      if (this.#run > this.maxFrameBytes) {
        this.overlongBytes++;
        continue;
      }
      passed[length++] = byte;
      this.#run++;
      if (this.#run > this.maxFrameBytes) passed[length++] = DELIMITER;
    }
    return passed.subarray(0, length);
  }
}
