/**
 * Stands before the delimiter parser, which holds whatever comes until a delimiter does. Of a run without a delimiter it
 * lets `maxFrameBytes + 1` bytes through, so that the decoder sees that it is too long, then puts in a delimiter and
 * drops the rest of the run. What may yet become a delimiter of several bytes is not counted as part of the run.
 */
export class DelimiterGuard {
  /** Bytes dropped so far; of a run that is too long, all but the last byte of its delimiter too. */
  overlongBytes = 0;
  #run = 0;
  /** So many bytes at the end of what has come are the begin of a delimiter. */
  #matched = 0;
  #isOverlong = false;
  /** [n]: when n bytes of the delimiter have come and another byte does, so many of them may still be its begin. */
  readonly #fallback: readonly number[];

  constructor(
    private readonly maxFrameBytes: number,
    private readonly delimiter: Uint8Array,
  ) {
    this.#fallback = fallbacks(delimiter);
  }

  /** What of `chunk` may go to the parser: the chunk itself in the usual case, another one otherwise. */
  pass(chunk: Buffer): Buffer {
    if (this.#isOverlong) return this.#shortened(chunk);
    const { delimiter, maxFrameBytes } = this;
    let run = this.#run;
    let matched = this.#matched;
    for (const byte of chunk) {
      run++;
      matched = this.#next(matched, byte);
      if (matched === delimiter.length) run = matched = 0;
      else if (run - matched > maxFrameBytes) return this.#shortened(chunk);
    }
    this.#run = run;
    this.#matched = matched;
    return chunk;
  }

  #next(matched: number, byte: number): number {
    let so = matched;
    while (so > 0 && byte !== this.delimiter[so]) so = this.#fallback[so] ?? 0;
    return byte === this.delimiter[so] ? so + 1 : 0;
  }

  #shortened(chunk: Buffer): Buffer {
    const passed: number[] = [];
    for (const byte of chunk) {
      this.#matched = this.#next(this.#matched, byte);
      if (this.#matched === this.delimiter.length) this.#end(byte, passed);
      else if (this.#isOverlong) this.overlongBytes++;
      else this.#lengthen(byte, passed);
    }
    return Buffer.from(passed);
  }

  #lengthen(byte: number, passed: number[]): void {
    this.#run++;
    passed.push(byte);
    this.#isOverlong = this.#run - this.#matched > this.maxFrameBytes;
    if (this.#isOverlong) passed.push(...this.delimiter);
  }

  #end(byte: number, passed: number[]): void {
    if (this.#isOverlong) passed.push(...this.delimiter);
    else passed.push(byte);
    this.#run = this.#matched = 0;
    this.#isOverlong = false;
  }
}

function fallbacks(delimiter: Uint8Array): readonly number[] {
  const table = [0, 0];
  for (let end = 1, so = 0; end < delimiter.length; end++) {
    while (so > 0 && delimiter[end] !== delimiter[so]) so = table[so] ?? 0;
    if (delimiter[end] === delimiter[so]) so++;
    table[end + 1] = so;
  }
  return table;
}
