import type { PageStatus } from '../net/shapes.js';

/** Long enough that one input a second counts as such. */
const OVER_MS = 10_000;

/** Inputs a second, by the gateway's own clock, so that a page that hears late does not tell another figure. */
export class Rate {
  #points: { upMs: number; answered: number }[] = [];

  add({ upMs, inputs: { answered } }: PageStatus): void {
    const last = this.#points.at(-1);
    // Another life of the gateway counts anew.
    if (last !== undefined && upMs < last.upMs) this.#points = [];
    if (last !== undefined && upMs === last.upMs) return;
    this.#points.push({ upMs, answered });
    const first = this.#points.findIndex((point) => point.upMs >= upMs - OVER_MS);
    if (first > 0) this.#points.splice(0, first);
  }

  /** Null: not known yet. */
  perSecond(): number | null {
    const first = this.#points[0];
    const last = this.#points.at(-1);
    if (first === undefined || last === undefined || last.upMs - first.upMs < 900) return null;
    return ((last.answered - first.answered) * 1000) / (last.upMs - first.upMs);
  }
}
