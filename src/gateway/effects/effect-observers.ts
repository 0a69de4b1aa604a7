import type { PairEffect } from '../../pair/state/effects.js';

/**
 * Who only watches what the core asks for: counts, log, whoever comes later. It sees the effects of a step when all of them
 * have been performed, so that a takeover waits for nobody who watches. What it keeps has a bound of its own; what takes
 * time it does in a turn of its own.
 */
export interface EffectObserver {
  /** For the log. */
  readonly name: string;
  see(effect: PairEffect): void;
}

/** R32: an observer that throws is left out from then on, and told once; the pair and the others go on. */
export class EffectObservers {
  #observers: readonly EffectObserver[];

  constructor(
    observers: readonly EffectObserver[],
    private readonly tellFailure: (name: string, error: unknown) => void,
  ) {
    this.#observers = observers;
  }

  see(effect: PairEffect): void {
    for (const observer of this.#observers) {
      try {
        observer.see(effect);
      } catch (error) {
        this.#observers = this.#observers.filter((other) => other !== observer);
        this.tellFailure(observer.name, error);
      }
    }
  }
}
