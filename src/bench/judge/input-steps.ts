import type { SentInput } from '../bench-client.js';
import type { GivenInput } from '../record/board-acts.js';

/** No two neighbouring seqs are first given farther apart, a restart of everything between them included. */
const OVER_US = 60_000_000;

/** Which step of the reference each input on the wire is. */
export interface InputSteps {
  /** Steps from 1 by seq, in order: more than one where a board that had lost its memory carried the input out again. */
  readonly bySeq: ReadonlyMap<number, readonly number[]>;
  /** Steps at which both boards began anew. */
  readonly restarts: ReadonlySet<number>;
  /** Steps that no board needs to have acted on: those, and what was given again later, under another seq. */
  readonly optional: ReadonlySet<number>;
}

/**
 * Seqs are told from the wire, ids from the client: a seq stands for an input that the client waited for when a board first
 * got it, the lowest that has no seq yet; or, where there is none, for one that was given before and numbered anew.
 * @param order ids in the order of execution, null for a fresh start: step k is `order[k - 1]`
 */
export function inputSteps(
  given: readonly GivenInput[],
  sent: readonly SentInput[],
  order: readonly (number | null)[],
): InputSteps {
  const stepsOf = new Map<number, number[]>();
  const restarts = new Set<number>();
  const optional = new Set<number>();
  for (const [index, id] of order.entries()) {
    const step = index + 1;
    if (id === null) {
      restarts.add(step);
      optional.add(step);
    } else {
      const steps = stepsOf.get(id) ?? [];
      for (const earlier of steps) optional.add(earlier);
      stepsOf.set(id, [...steps, step]);
    }
  }
  const bySeq = new Map<number, readonly number[]>();
  const seqsOf = new Map<number, number>();
  for (const [seq, id] of idsBySeq(given, sent)) {
    const before = seqsOf.get(id) ?? 0;
    seqsOf.set(id, before + 1);
    const steps = stepsOf.get(id) ?? [];
    // Numbered anew, it is the execution after the one before; executed once all the same, it is that one.
    if (steps.length > 0) bySeq.set(seq, steps.slice(Math.min(before, steps.length - 1)));
  }
  return { bySeq, restarts, optional };
}

/** Which input of the client each seq on the wire stands for, by seq; without those that are nobody's. */
export function idsBySeq(given: readonly GivenInput[], sent: readonly SentInput[]): Map<number, number> {
  const ids = new Map<number, number>();
  const seqsOf = new Map<number, number>();
  let first = 0;
  for (const input of [...given].sort((one, another) => one.seq - another.seq)) {
    // Seqs are given out nearly in the order of time: what was answered so long before is over.
    while ((sent[first]?.answers[0]?.atUs ?? Number.POSITIVE_INFINITY) < input.atUs - OVER_US) first++;
    const id = idOf(input, sent, first, seqsOf);
    if (id === null) continue;
    seqsOf.set(id, (seqsOf.get(id) ?? 0) + 1);
    ids.set(input.seq, id);
  }
  return ids;
}

/** `sent` is in the order of sending. */
function idOf(
  input: GivenInput,
  sent: readonly SentInput[],
  first: number,
  seqsOf: ReadonlyMap<number, number>,
): number | null {
  let again: number | null = null;
  for (let index = first; index < sent.length; index++) {
    const { id, sentAtUs, answers, payload } = sent[index] as SentInput; // in range by the loop
    if (sentAtUs > input.atUs) break;
    const isAwaited = (answers[0]?.atUs ?? Number.POSITIVE_INFINITY) >= input.atUs;
    if (!isAwaited || !isSame(payload, input.payload)) continue;
    if (!seqsOf.has(id)) return id;
    again ??= id;
  }
  return again;
}

function isSame(one: Uint8Array, another: Uint8Array): boolean {
  return one.length === another.length && one.every((byte, index) => byte === another[index]);
}
