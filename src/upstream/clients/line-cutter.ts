import { LineBuffer } from './line-buffer.js';
import type { RequestCutter } from './request-cutter.js';

export type Line =
  | { readonly isTooLong: false; readonly bytes: Buffer }
  /** More came than a line may have; what belongs to it is left out up to its end. */
  | { readonly isTooLong: true; readonly byteCount: number };

const NEWLINE = 10;

/** Requests that are lines. What has no end yet is held up to the longest line and one chunk. */
export class LineCutter implements RequestCutter<Line> {
  readonly #buffer: LineBuffer;
  #hasEnded = false;
  /** In what is left of a line that was too long. */
  #isSkipping = false;

  /**
   * @param maxLineBytes without its end
   * @param lastByte ends a line
   * @param isLastWhole what has no end when its client leaves is a line all the same, as its text says whether all of it is there
   */
  constructor(
    private readonly maxLineBytes: number,
    private readonly lastByte: number = NEWLINE,
    private readonly isLastWhole: boolean = true,
  ) {
    this.#buffer = new LineBuffer(lastByte);
  }

  push(chunk: Buffer): void {
    const kept = this.#isSkipping ? this.#afterEnd(chunk) : chunk;
    if (kept.length > 0) this.#buffer.push(kept);
  }

  end(): void {
    this.#hasEnded = true;
  }

  get hasRequest(): boolean {
    return this.#buffer.hasLine || this.#buffer.heldBytes > this.maxLineBytes || this.#isLast;
  }

  next(): Line | null {
    const isWhole = this.#buffer.hasLine;
    const bytes = isWhole ? this.#buffer.next() : this.hasRequest ? this.#buffer.rest() : null;
    if (bytes === null) return null;
    if (bytes.length <= this.maxLineBytes) return { isTooLong: false, bytes };
    this.#isSkipping = !isWhole;
    return { isTooLong: true, byteCount: bytes.length };
  }

  #afterEnd(chunk: Buffer): Buffer {
    const at = chunk.indexOf(this.lastByte);
    this.#isSkipping = at < 0;
    return at < 0 ? chunk.subarray(0, 0) : chunk.subarray(at + 1);
  }

  /** A client may leave without an end after its last line. */
  get #isLast(): boolean {
    return this.isLastWhole && this.#hasEnded && this.#buffer.heldBytes > 0;
  }
}
