import type { WorkInFlight } from '../../ledger/work-in-flight.js';

/** Counts what threads owe, and says when they owe nothing more. */
export class ThreadWork implements WorkInFlight {
  #count = 0;
  #whenNone: (() => void) | null = null;

  get count(): number {
    return this.#count;
  }

  began(): void {
    this.#count++;
  }

  ended(count: number): void {
    this.#count -= count;
    if (this.#count > 0) return;
    const then = this.#whenNone;
    this.#whenNone = null;
    then?.();
  }

  /** Calls once, at the moment the last of it has ended; the latest caller alone is kept. */
  whenNone(then: () => void): void {
    this.#whenNone = then;
  }
}
