import { isEvent } from '../../faults/catalogue/events.js';
import type { PairEffect } from '../../pair/state/effects.js';

/** Counts since the start, for `copycat status`; the ledger keeps those that outlive it. */
export class Counters {
  readonly #counts = new Map<string, number>();

  see(effect: PairEffect): void {
    if (effect.type === 'count')
      this.#add(effect.board === null ? effect.counter : `${effect.counter} ${effect.board}`);
    if (effect.type === 'answer') this.#add('answered');
    if (effect.type !== 'openFault') return;
    // What was planned is kept with the faults and is none (R26).
    this.#add(isEvent(effect.fault) ? 'events' : 'faults');
    if (effect.fault.code === 'switched-over') this.#add('switchovers');
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
