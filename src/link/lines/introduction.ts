import type { Setting } from '../../pair/result/messages.js';
import { textOf } from './byte-text.js';
import type { LinesOptions } from './lines-options.js';
import { QUESTION_US } from './lines-options.js';

/** A board is asked anew when an answer was none, as half a line of somebody before us may have stood in its buffer. */
const MOST_ROUNDS = 3;

/** Asking a board who it is, or whether it is there: one line after the other. Knows no time and writes nothing. */
export class Introduction {
  readonly #questions: readonly string[];
  #answers: Setting[] = [];
  #round = 1;

  /**
   * @param of `board`: all that two boards must have in common. `life`: whether it is there; an answer that counts as lost may come yet before that
   * to the question
   * @param begunUs on the link's clock, and of its last answer
   */
  constructor(
    readonly of: 'board' | 'life' | 'life-behind-a-lost-answer',
    { identity, probe }: LinesOptions,
    public begunUs: number,
  ) {
    const asked = probe ?? identity[0];
    this.#questions = of === 'board' && identity.length > 0 ? identity : asked === undefined ? [] : [asked];
  }

  /** The next line to ask; null: all are answered. */
  get question(): string | null {
    return this.#questions[this.#answers.length] ?? null;
  }

  /** Since then somebody else may ask. */
  isLost(atUs: number, deadlineUs: number | null): boolean {
    return atUs - this.begunUs >= Math.max(deadlineUs ?? QUESTION_US, QUESTION_US);
  }

  answered(answer: Uint8Array): void {
    this.#answers.push({ asked: this.question ?? '', answer: textOf(answer) });
  }

  /** What came was no answer to what was asked. False: it has been asked often enough, and is taken at its word. */
  again(): boolean {
    if (this.#round >= MOST_ROUNDS) return false;
    this.#round++;
    this.#answers = [];
    return true;
  }

  get settings(): readonly Setting[] {
    return this.#answers;
  }
}
