import type { RecordedInput } from './recording.js';

/** An input as a ledger has it. */
export interface KeptInput extends RecordedInput {
  /** The count of the board whose result was committed (R3). */
  readonly executionCount: number;
}

/** Two boards that go on with what they know count on; a count so far below the highest one is that of a new beginning. */
const FARTHEST_BACK = 64;

/**
 * Inputs in the order in which the primary executed them (R3), whatever the order of their seqs; null where both boards had
 * begun anew, whose counts begin anew too: one that is there already belongs to another life.
 */
export function inExecutionOrder(inputs: readonly KeptInput[]): (KeptInput | null)[] {
  const lives: { readonly known: Map<number, KeptInput>; highest: number }[] = [];
  for (const input of inputs.toSorted((one, other) => one.number - other.number)) {
    const { executionCount: count } = input;
    const last = lives.at(-1);
    if (last === undefined || last.known.has(count) || count < last.highest - FARTHEST_BACK) {
      lives.push({ known: new Map([[count, input]]), highest: count });
    } else {
      last.known.set(count, input);
      last.highest = Math.max(last.highest, count);
    }
  }
  return lives.flatMap(({ known }, index) => {
    const inOrder = [...known.values()].sort((one, other) => one.executionCount - other.executionCount);
    return index === 0 ? inOrder : [null, ...inOrder];
  });
}
