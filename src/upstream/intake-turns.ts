import type { Clock } from '../clock/clock.js';

/** A client whose requests wait for their turn. */
export interface TurnTaker {
  /** Its inputs in work. */
  readonly inWork: number;
  /** True while it has a request that may be taken. */
  readonly isReady: boolean;
  /** Takes one request. */
  takeOne(): void;
}

export interface IntakeTurnsOptions {
  /** Inputs in work of all clients together, at least 1. */
  readonly places: number;
  /**
   * The same while more than one client wants something: enough to keep the boards busy, and no more, because whoever
   * comes next waits behind all of it. Default: `places`.
   */
  readonly crowdedPlaces?: number;
  readonly clock: Clock;
}

/** Requests taken before the event loop looks at the boards again (R32): some 10 µs each. */
const REQUESTS_AT_A_STRETCH = 32;
/** A pair that was full, of work that is none of these clients', is tried again after so long. */
const FULL_FOR_US = 50_000;

/**
 * R6, R32: one bound over all clients of all upstreams, and fair turns between them. Whoever has the fewest inputs in work
 * is next, and of those who has waited longest; the rest is not read, so that nothing has to be refused.
 */
export class IntakeTurns {
  /** Who had a turn last is last. Bounded by the connections that upstreams take. */
  readonly #takers = new Set<TurnTaker>();
  #inWork = 0;
  #isGiving = false;
  #isScheduled = false;
  #isClosed = false;
  #cancelFull: (() => void) | null = null;

  constructor(private readonly options: IntakeTurnsOptions) {}

  add(taker: TurnTaker): void {
    this.#takers.add(taker);
  }

  remove(taker: TurnTaker): void {
    this.#takers.delete(taker);
  }

  /** An input is in work. It stays so without its client too. */
  begun(): void {
    this.#inWork++;
  }

  /** The last word on an input was said. */
  ended(): void {
    this.#inWork--;
  }

  /** R6: the pair is full, also of what none of these clients has asked, such as what was left by an earlier gateway. */
  pairIsFull(): void {
    if (this.#isClosed) return;
    const { clock } = this.options;
    this.#cancelFull?.();
    this.#cancelFull = clock.alarm(clock.nowUs() + FULL_FOR_US, () => this.pairHasRoom());
  }

  /** Something was answered. */
  pairHasRoom(): void {
    this.#cancelFull?.();
    this.#cancelFull = null;
    this.give();
  }

  /** Gives turns as long as there is room. To be called when something has changed. */
  give(): void {
    // An answer may come while a request is taken: the loop that takes it sees to the rest.
    if (this.#isGiving || this.#isClosed) return;
    this.#isGiving = true;
    for (let taken = 0; taken < REQUESTS_AT_A_STRETCH; taken++) {
      const next = this.#next();
      if (next === null) break;
      this.#takers.delete(next);
      this.#takers.add(next);
      next.takeOne();
    }
    this.#isGiving = false;
    if (!this.#isScheduled && this.#next() !== null) this.#giveLater();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelFull?.();
  }

  #giveLater(): void {
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.give();
    });
  }

  #next(): TurnTaker | null {
    if (this.#cancelFull !== null) return null;
    let next: TurnTaker | null = null;
    let wanting = 0;
    for (const taker of this.#takers) {
      const { inWork, isReady } = taker;
      if (inWork > 0 || isReady) wanting++;
      if (isReady && (next === null || inWork < next.inWork)) next = taker;
    }
    const { places, crowdedPlaces = places } = this.options;
    return this.#inWork < (wanting > 1 ? crowdedPlaces : places) ? next : null;
  }
}
