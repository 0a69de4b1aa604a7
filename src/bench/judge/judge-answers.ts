import type { SentInput } from '../bench-client.js';

export interface AnswersVerdict {
  /** Inputs that were answered. */
  readonly completed: number;
  /** Ids that never got an answer. */
  readonly lost: readonly number[];
  /** Ids that got a second answer which was not marked as a repeat (R9, R23). */
  readonly duplicated: readonly number[];
  /** Ids whose answer is not what the reference gives, or that got two different ones. */
  readonly wrong: readonly number[];
  readonly repeats: number;
}

/** Holds what upstream received against the reference; `order` is the order in which the inputs were executed (null: a fresh start). */
export function judgeAnswers(
  sent: readonly SentInput[],
  order: readonly (number | null)[],
  replies: readonly Uint8Array[],
): AnswersVerdict {
  const lost: number[] = [];
  const duplicated: number[] = [];
  const wrong: number[] = [];
  let repeats = 0;
  for (const input of sent) {
    if (input.answers.length === 0 && !input.isGivenUp) lost.push(input.id);
    const unmarked = input.answers.filter((answer) => !answer.repeat).length;
    repeats += input.answers.length - unmarked;
    if (unmarked > 1) duplicated.push(input.id);
    const expected = replies[order.lastIndexOf(input.id)];
    if (input.answers.some((answer) => expected === undefined || !isSame(answer.body, expected))) wrong.push(input.id);
  }
  const givenUp = sent.filter(({ isGivenUp }) => isGivenUp).length;
  return { completed: sent.length - lost.length - givenUp, lost, duplicated, wrong, repeats };
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
