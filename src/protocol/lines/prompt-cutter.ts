import { matches } from './find-pattern.js';
import type { Pattern } from './pattern.js';

/**
 * Lines in bytes as they come, and what stands behind the last of them: a prompt has no end of a line. Holds one line of at most
 * `maxLineBytes`; a longer one is given in pieces.
 */
export class PromptCutter {
  #line: number[] = [];

  constructor(
    private readonly delimiter: Uint8Array,
    private readonly prompt: Pattern,
    private readonly maxLineBytes: number,
  ) {}

  /** Nothing has come behind it yet. */
  get isAtPrompt(): boolean {
    return matches(this.prompt, Uint8Array.from(this.#line));
  }

  get partial(): Uint8Array {
    return Uint8Array.from(this.#line);
  }

  /** Lines with their ends, in order. */
  push(bytes: Uint8Array): readonly Uint8Array[] {
    const lines: Uint8Array[] = [];
    for (const byte of bytes) {
      this.#line.push(byte);
      if (this.#endsInDelimiter() || this.#line.length >= this.maxLineBytes + this.delimiter.length) {
        lines.push(this.take());
      }
    }
    return lines;
  }

  /** What stands there, which is no line any more. */
  take(): Uint8Array {
    const line = Uint8Array.from(this.#line);
    this.#line = [];
    return line;
  }

  #endsInDelimiter(): boolean {
    const begin = this.#line.length - this.delimiter.length;
    return begin >= 0 && this.delimiter.every((byte, place) => this.#line[begin + place] === byte);
  }
}
