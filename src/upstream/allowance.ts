import type { Clock } from '../clock/clock.js';

/** So many at once, then one every so often. */
export class Allowance {
  #left: number;
  #atUs: number;

  constructor(
    private readonly clock: Clock,
    private readonly burst: number,
    private readonly everyUs: number,
  ) {
    this.#left = burst;
    this.#atUs = clock.nowUs();
  }

  /** Uses one, also when none is left: then it takes the longer until there is one again, but never longer than for a burst. */
  use(): void {
    this.#fill();
    this.#left = Math.max(-this.burst, this.#left - 1);
  }

  /** Until one is left, in microseconds; 0: there is one. */
  get waitUs(): number {
    this.#fill();
    return this.#left >= 1 ? 0 : Math.ceil((1 - this.#left) * this.everyUs);
  }

  #fill(): void {
    const nowUs = this.clock.nowUs();
    this.#left = Math.min(this.burst, this.#left + (nowUs - this.#atUs) / this.everyUs);
    this.#atUs = nowUs;
  }
}
