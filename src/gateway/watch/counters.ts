import type { PairEffect } from '../../pair/state/effects.js';

/** Counts since the start, for `copycat status`; the ledger keeps those that outlive it. */
export class Counters {
  readonly #counts = new Map<string, number>();

  see(effect: PairEffect): void {
    if (effect.type === 'count')
      this.#add(effect.board === null ? effect.counter : `${effect.counter} ${effect.board}`);
    if (effect.type === 'answer') this.#add('answered');
    // A planned switchover is kept with the faults and is none (R26).
    if (effect.type === 'openFault') this.#add(effect.fault.code === 'switched-over' ? 'switchovers' : 'faults');
  }

  of(board: string | null): Record<string, number> {
    const found: Record<string, number> = {};
    for (const [name, value] of this.#counts) {
      const [counter, of] = name.split(' ');
      if (counter !== undefined && (of ?? null) === board) found[counter] = value;
    }
    return found;
  }

  get(counter: string): number {
    return this.#counts.get(counter) ?? 0;
  }

  #add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }
}
