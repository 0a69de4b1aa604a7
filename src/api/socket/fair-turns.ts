/** So long a turn lasts at least: what a status costs is some tenths of it. */
const TURN_MS = 5;
/** Turns that are given at once after a rest: a command line asks once or twice. */
const BURST = 8;

/** Who is to give a turn before a request is looked at. */
export interface Turns {
  take(): Promise<void>;
}

/**
 * Turns for whoever asks, in the order in which they came, at most 200 a second in all: any number of clients that ask
 * without end take a small share of one processor, and the pair has the rest (R32). Nobody waits for a turn whose client
 * has one already: each client asks for one at a time, so none starves another.
 */
export class FairTurns implements Turns {
  readonly #waiting: (() => void)[] = [];
  #timer: NodeJS.Timeout | null = null;
  #left = BURST;
  #filledAtMs = performance.now();

  take(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#give();
    });
  }

  #give(): void {
    if (this.#timer !== null) return;
    const nowMs = performance.now();
    this.#left = Math.min(BURST, this.#left + (nowMs - this.#filledAtMs) / TURN_MS);
    this.#filledAtMs = nowMs;
    while (this.#left >= 1) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#left -= 1;
      next();
    }
    if (this.#waiting.length === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#give();
    }, TURN_MS);
    this.#timer.unref();
  }
}
