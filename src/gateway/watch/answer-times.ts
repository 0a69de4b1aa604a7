import type { Latency } from '../../control/contract/status.js';
import type { PairEffect } from '../../pair/state/effects.js';

/** So many of the last answers are looked at. */
const LAST = 100;
/** More are not in work at once; what is never answered goes when others come. */
const MOST_WAITING = 1024;

/** How long inputs take, from when they were taken to their answer, for people who look (R32: bounded, and nobody waits for it). */
export class AnswerTimes {
  readonly #takenAtUs = new Map<number, number>();
  readonly #lastMs: number[] = [];

  constructor(private readonly nowUs: () => number) {}

  see(effect: PairEffect): void {
    if (effect.type === 'recordInput') {
      if (effect.kind === 'probe') return;
      this.#takenAtUs.set(effect.seq, this.nowUs());
      const [oldest] = this.#takenAtUs.keys();
      if (this.#takenAtUs.size > MOST_WAITING && oldest !== undefined) this.#takenAtUs.delete(oldest);
      return;
    }
    if (effect.type !== 'answer') return;
    const takenAtUs = this.#takenAtUs.get(effect.seq);
    // Given again, or of an earlier life of the gateway.
    if (takenAtUs === undefined) return;
    this.#takenAtUs.delete(effect.seq);
    this.#lastMs.push((this.nowUs() - takenAtUs) / 1000);
    if (this.#lastMs.length > LAST) this.#lastMs.shift();
  }

  /** Null: nothing has been answered yet. */
  get figures(): Latency | null {
    const sorted = [...this.#lastMs].sort((one, other) => one - other);
    const median = sorted[Math.floor(sorted.length / 2)];
    const worst = sorted.at(-1);
    if (median === undefined || worst === undefined) return null;
    return { medianMs: rounded(median), worstMs: rounded(worst), of: sorted.length };
  }
}

function rounded(ms: number): number {
  return Number(ms.toFixed(1));
}
