import type { CounterTotal } from '../worker/store-messages.js';

/**
 * Counters and repeats of faults on their way to the files. Summed here, so that what somebody provokes a thousand times a
 * second costs the ledger nothing more (R32). Bounded by the names there are.
 */
export class LedgerCounters {
  readonly #totals = new Map<string, CounterTotal>();
  /** Not yet told to the journal, and to the disk. */
  readonly #changed = { hot: new Set<string>(), disk: new Set<string>() };
  #repeats = new Map<number, number>();

  constructor(stored: readonly CounterTotal[]) {
    for (const row of stored) {
      const name = nameOf(row.counter, row.board);
      if (row.total > (this.#totals.get(name)?.total ?? 0)) this.#totals.set(name, row);
    }
  }

  count(counter: string, board: string): void {
    const name = nameOf(counter, board);
    this.#totals.set(name, { counter, board, total: (this.#totals.get(name)?.total ?? 0) + 1 });
    this.#changed.hot.add(name);
    this.#changed.disk.add(name);
  }

  /** `by` -1: one that was counted has a row of its own. */
  repeat(faultId: number, by: 1 | -1 = 1): void {
    const repeats = (this.#repeats.get(faultId) ?? 0) + by;
    if (repeats === 0) this.#repeats.delete(faultId);
    else this.#repeats.set(faultId, repeats);
  }

  /** What one file has not been told. */
  takeTotals(file: 'hot' | 'disk'): CounterTotal[] {
    const taken = [...this.#changed[file]].flatMap((name) => this.#totals.get(name) ?? []);
    this.#changed[file].clear();
    return taken;
  }

  get hasRepeats(): boolean {
    return this.#repeats.size > 0;
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
