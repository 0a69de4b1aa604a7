import { AnswerCollector } from './answer-collector.js';
import { type LineKind, type LinePatterns, lineKinds, trimmed } from './line-kind.js';

/** A whole answer. */
export interface Answer {
  /** As it came, with the ends of its lines; empty where it was too long. */
  readonly body: Uint8Array;
  readonly isRejected: boolean;
  /** The board says that it has executed nothing. */
  readonly isNotTaken: boolean;
  readonly isTooLong: boolean;
}

/**
 * What came of a line. `more`: of an answer that goes on. `for-nothing`: an answer, or a part of one, where none is due. `blank`: a line
 * without anything, which answers nothing.
 */
export type Heard =
  | { readonly what: 'banner' | 'said' | 'alive' | 'more' | 'for-nothing' | 'blank' }
  | { readonly what: 'ended'; readonly answer: Answer };

export interface ReaderOptions extends LinePatterns {
  readonly answerEnds: 'done' | 'line' | 'prompt';
  readonly maxAnswerBytes: number;
}

/** Puts a board's lines together to answers. Holds one answer, bounded; a longer one is known to have been too long when it ends. */
export class AnswerReader {
  readonly #kindOf: (line: Uint8Array) => LineKind;
  readonly #lines: AnswerCollector;
  #isRejected = false;
  #isNotTaken = false;

  /** @throws RangeError where a pattern is none */
  constructor(private readonly options: ReaderOptions) {
    this.#kindOf = lineKinds(options);
    this.#lines = new AnswerCollector(options.maxAnswerBytes);
  }

  /**
   * @param line without its end
   * @param whole with it
   * @param due what the board was given and has not answered, without its end; null: nothing
   */
  hear(line: Uint8Array, whole: Uint8Array, due: Uint8Array | null): Heard {
    const text = trimmed(line);
    const kind = this.#isEcho(text, due) ? 'other' : this.#kindOf(text);
    if (kind === 'banner') return { what: 'banner' };
    if (kind === 'push') return { what: 'said' };
    if (kind === 'keep-alive') return { what: 'alive' };
    return this.options.answerEnds === 'prompt'
      ? this.#hearBeforePrompt(kind, whole, due !== null)
      : this.#hearAnswer(kind, text, whole, due !== null);
  }

  /** A prompt ends what was heard before it. */
  end(prompt: Uint8Array): Answer {
    this.#lines.add(prompt);
    return this.#end();
  }

  /** What was begun is nothing. */
  drop(): void {
    this.#lines.drop();
    this.#isRejected = this.#isNotTaken = false;
  }

  #hearBeforePrompt(kind: LineKind, whole: Uint8Array, isDue: boolean): Heard {
    if (!isDue) return { what: 'said' };
    this.#note(kind);
    this.#lines.add(whole);
    return { what: 'more' };
  }

  #hearAnswer(kind: LineKind, text: Uint8Array, whole: Uint8Array, isDue: boolean): Heard {
    if (text.length === 0) return { what: 'blank' };
    const isEnd = kind === 'done' || kind === 'error' || kind === 'not-taken' || this.options.answerEnds === 'line';
    if (!isEnd && kind === 'other' && (!isDue || this.options.answer !== null)) return { what: 'said' };
    if (!isDue) return { what: 'for-nothing' };
    this.#note(kind);
    this.#lines.add(whole);
    return isEnd ? { what: 'ended', answer: this.#end() } : { what: 'more' };
  }

  #note(kind: LineKind): void {
    if (kind === 'error' || kind === 'not-taken') this.#isRejected = true;
    if (kind === 'not-taken') this.#isNotTaken = true;
  }

  #end(): Answer {
    const { isTooLong } = this.#lines;
    const answer = { isRejected: this.#isRejected, isNotTaken: this.#isNotTaken, isTooLong, body: this.#lines.take() };
    this.drop();
    return answer;
  }

  /** The line that a board with a prompt says back first is no answer, whatever it looks like; the prompt may stand before it. */
  #isEcho(text: Uint8Array, due: Uint8Array | null): boolean {
    if (this.options.answerEnds !== 'prompt' || due === null || !this.#lines.isEmpty) return false;
    const begin = text.length - due.length;
    return begin >= 0 && due.every((byte, at) => text[begin + at] === byte);
  }
}
