import type { LinesOptions } from './lines-options.js';
import { mostInputs } from './lines-options.js';

/** A line for a board, and what it is for. */
export type GivenLine = {
  readonly text: Uint8Array;
  /** With its end. */
  readonly bytes: Uint8Array;
} & (
  | { readonly of: 'input'; readonly session: number; readonly seq: number; readonly isRepeat: boolean }
  /** Of the gateway's own. */
  | { readonly of: 'question' }
);

interface Written {
  readonly line: GivenLine;
  readonly atUs: number;
}

/**
 * Lines that wait, and those that are given and not answered: a board answers in the order in which it was given them. Of those that
 * wait there are no more than its window and one question: the core gives no more, and one more is refused. A question goes first, and
 * nothing beside it.
 */
export class GivenLines {
  readonly #waiting: GivenLine[] = [];
  readonly #written: Written[] = [];

  constructor(private readonly options: LinesOptions) {}

  /** The one that the next answer is for; null: none is due. */
  get due(): GivenLine | null {
    return this.#written[0]?.line ?? null;
  }

  /** False: it is full. */
  add(line: GivenLine): boolean {
    if (this.#waiting.length > mostInputs(this.options)) return false;
    if (line.of === 'question') this.#waiting.unshift(line);
    else this.#waiting.push(line);
    return true;
  }

  /** Those that the board has room for now. */
  write(atUs: number): readonly GivenLine[] {
    const lines: GivenLine[] = [];
    for (let [next] = this.#waiting; next !== undefined && this.#hasRoomFor(next); [next] = this.#waiting) {
      this.#waiting.shift();
      this.#written.push({ line: next, atUs });
      lines.push(next);
    }
    return lines;
  }

  /** It has its answer. */
  shift(): void {
    this.#written.shift();
  }

  waitsFor(seq: number): boolean {
    return this.#waiting.some((line) => line.of === 'input' && line.seq === seq);
  }

  /** Given, and not answered: since when; null: it is not. */
  writtenUs(seq: number): number | null {
    return this.#written.find(({ line }) => line.of === 'input' && line.seq === seq)?.atUs ?? null;
  }

  /** What is due counts as lost: its deadline has passed, or it has none, and whoever gave it has said so. */
  isOverdue(atUs: number): boolean {
    const [written] = this.#written;
    return written !== undefined && atUs - written.atUs >= (this.options.deadlineUs ?? 0);
  }

  /** The answer to a question of ours counts as lost. */
  forgetQuestion(): void {
    const isOther = (line: GivenLine): boolean => line.of !== 'question';
    this.#written.splice(0, Infinity, ...this.#written.filter(({ line }) => isOther(line)));
    this.#waiting.splice(0, Infinity, ...this.#waiting.filter(isOther));
  }

  /** Its answer counts as lost. */
  forget(seq: number): void {
    const place = this.#written.findIndex(({ line }) => line.of === 'input' && line.seq === seq);
    if (place >= 0) this.#written.splice(place, 1);
  }

  /** Nothing waits and nothing is due any more. @returns whether the board still owed an answer */
  clear(): boolean {
    const owed = this.#written.length > 0;
    this.#waiting.splice(0);
    this.#written.splice(0);
    return owed;
  }

  #hasRoomFor(line: GivenLine): boolean {
    if (this.#written.some((written) => written.line.of === 'question')) return false;
    const { of, most } = this.options.window;
    if (of === 'lines') return this.#written.length < most;
    // What the board alone has not read is not known: until it has answered a line may stand in its buffer whole.
    const unread = this.#written.reduce((sum, written) => sum + written.line.bytes.length, 0);
    return unread + line.bytes.length <= most;
  }
}
