import type { CounterTotal } from './worker/store-messages.js';

/** Counters and repeats of faults on their way to the disk. Bounded by the names there are. */
export class Tallies {
  readonly #totals = new Map<string, CounterTotal>();
  readonly #changed = new Set<string>();
  #repeats = new Map<number, number>();

  constructor(stored: readonly CounterTotal[]) {
    for (const row of stored) {
      const name = nameOf(row.counter, row.board);
      if (row.total > (this.#totals.get(name)?.total ?? 0)) this.#totals.set(name, row);
    }
  }

  count(counter: string, board: string): CounterTotal {
    const name = nameOf(counter, board);
    const total = { counter, board, total: (this.#totals.get(name)?.total ?? 0) + 1 };
    this.#totals.set(name, total);
    this.#changed.add(name);
    return total;
  }

  repeat(faultId: number): void {
    this.#repeats.set(faultId, (this.#repeats.get(faultId) ?? 0) + 1);
  }

  takeTotals(): CounterTotal[] {
    const taken = [...this.#changed].flatMap((name) => this.#totals.get(name) ?? []);
    this.#changed.clear();
    return taken;
  }

  takeRepeats(): ReadonlyMap<number, number> {
    const taken = this.#repeats;
    if (taken.size > 0) this.#repeats = new Map();
    return taken;
  }
}

function nameOf(counter: string, board: string): string {
  return `${counter} ${board}`;
}
