import { LineBuffer } from './line-buffer.js';
import type { RequestCutter } from './request-cutter.js';

export type Line =
  | { readonly isTooLong: false; readonly bytes: Buffer }
  /** More came than a line may have; nothing that follows is to be trusted. */
  | { readonly isTooLong: true; readonly byteCount: number };

/** Requests that are lines. What has no newline yet is held up to the longest line and one chunk. */
export class LineCutter implements RequestCutter<Line> {
  readonly #buffer = new LineBuffer();
  #hasEnded = false;

  /** @param maxLineBytes without the newline */
  constructor(private readonly maxLineBytes: number) {}

  push(chunk: Buffer): void {
    this.#buffer.push(chunk);
  }

  end(): void {
    this.#hasEnded = true;
  }

  get hasRequest(): boolean {
    return this.#buffer.hasLine || this.#buffer.heldBytes > this.maxLineBytes || this.#isLast;
  }

  next(): Line | null {
    const bytes = this.#buffer.next() ?? (this.hasRequest ? this.#buffer.rest() : null);
    if (bytes === null) return null;
    if (bytes.length > this.maxLineBytes) return { isTooLong: true, byteCount: bytes.length };
    return { isTooLong: false, bytes };
  }

  /** A client may leave without a newline after its last line. */
  get #isLast(): boolean {
    return this.#hasEnded && this.#buffer.heldBytes > 0;
  }
}
