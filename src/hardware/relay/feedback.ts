import type { InputLine, Lines } from '../lines/lines.js';
import { energisedBoard, type RelayWiring, restBoard } from './relay-wiring.js';

/** What the feedback lines say of the contact, all of them together. */
export class Feedback {
  /** It has been heard anew; `shown` is up to date. */
  onChange: () => void = () => undefined;
  readonly #said: (boolean | null)[];
  readonly #inputs: InputLine[] = [];

  private constructor(private readonly wiring: RelayWiring) {
    this.#said = wiring.feedbacks.map(() => null);
  }

  /** Rejects with RELAY_UNAVAILABLE. */
  static async open(lines: Lines, wiring: RelayWiring): Promise<Feedback> {
    const feedback = new Feedback(wiring);
    const options = { activeLow: wiring.feedbackActiveLow, pull: wiring.feedbackPull };
    for (const [index, line] of wiring.feedbacks.entries()) {
      const input = await lines.openInput(line, options, (on) => {
        feedback.#said[index] = on;
        feedback.onChange();
      });
      feedback.#inputs.push(input);
    }
    return feedback;
  }

  get isWired(): boolean {
    return this.#said.length > 0;
  }

  /** Every line has a state: a provider that is away says nothing of the contact, for or against. */
  get isKnown(): boolean {
    return this.isWired && !this.#said.includes(null);
  }

  /** The board that every channel is at; null when they differ or are not known. */
  get shown(): string | null {
    const [first, ...others] = this.#said;
    if (first === undefined || first === null || others.some((on) => on !== first)) return null;
    return first ? energisedBoard(this.wiring) : restBoard(this.wiring);
  }

  expectChange(): void {
    for (const input of this.#inputs) input.expectChange();
  }
}
