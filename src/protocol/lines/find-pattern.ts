import type { Instruction, Match, Pattern, Span } from './pattern.js';

/** A way through the program that the bytes so far have allowed, and where its groups stand. */
interface Thread {
  readonly at: number;
  readonly slots: readonly number[];
}

/** Whether it is anywhere in the bytes. */
export function matches(pattern: Pattern, bytes: Uint8Array): boolean {
  return findPattern(pattern, bytes) !== null;
}

/**
 * The first place where it is, and of several that begin there the one that the pattern prefers. All ways through the pattern are
 * followed side by side, a byte at a time: nothing is ever tried again, so that no line of a board takes longer than its length.
 */
export function findPattern({ program, groups }: Pattern, bytes: Uint8Array, from = 0): Match | null {
  const isAnchored = program[0]?.does === 'begin';
  let threads: Thread[] = [];
  let best: readonly number[] | null = null;
  for (let place = from; ; place++) {
    if (best === null && (!isAnchored || place === 0)) threads.push({ at: 0, slots: [place] });
    const { waiting, found } = followed(program, threads, place, bytes.length);
    if (found !== null) best = found;
    if (place >= bytes.length || (waiting.length === 0 && (best !== null || isAnchored))) break;
    const byte = bytes[place] as number;
    threads = waiting.flatMap(({ at, slots }) => {
      const step = program[at];
      return step?.does === 'byte' && step.set[byte] === 1 ? [{ at: at + 1, slots }] : [];
    });
  }
  return best === null ? null : matchOf(best, groups);
}

/** Every thread as far as it comes without a byte, the better ones first; those behind one that is through are dropped. */
function followed(
  program: readonly Instruction[],
  threads: readonly Thread[],
  place: number,
  length: number,
): { readonly waiting: readonly Thread[]; readonly found: readonly number[] | null } {
  const waiting: Thread[] = [];
  const seen = new Uint8Array(program.length);
  for (const thread of threads) {
    const stack = [thread];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const { at, slots } = next;
      const step = program[at];
      if (step === undefined || seen[at] === 1) continue;
      seen[at] = 1;
      if (step.does === 'byte') waiting.push(next);
      else if (step.does === 'match') return { waiting, found: withSlot(slots, 1, place) };
      else if (step.does === 'jump') stack.push({ at: step.to, slots });
      else if (step.does === 'save') stack.push({ at: at + 1, slots: withSlot(slots, step.slot, place) });
      else if (step.does === 'split') stack.push({ at: step.second, slots }, { at: step.first, slots });
      else if (step.does === 'begin' ? place === 0 : place === length) stack.push({ at: at + 1, slots });
    }
  }
  return { waiting, found: null };
}

function withSlot(slots: readonly number[], slot: number, place: number): number[] {
  const copy = [...slots];
  copy[slot] = place;
  return copy;
}

function matchOf(slots: readonly number[], groups: number): Match {
  const span = (slot: number): Span | null => {
    const [from, to] = [slots[slot], slots[slot + 1]];
    return from === undefined || to === undefined ? null : [from, to];
  };
  return {
    whole: span(0) ?? [0, 0],
    groups: Array.from({ length: groups }, (_, index) => span(2 * (index + 1))),
  };
}
