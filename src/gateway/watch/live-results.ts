import type { LiveValues } from '../../control/contract/status.js';
import { valuesOf } from '../../faults/named-values.js';
import type { PairEffect } from '../../pair/state/effects.js';
import type { NamedField } from '../../values/named-field.js';

interface Computed {
  readonly seq: number;
  readonly bodies: readonly Uint8Array[];
  readonly atUs: number;
}

/** What each board computed last, for people who look: kept as it came, one result a board, and named when somebody asks. */
export class LiveResults {
  readonly #last = new Map<string, Computed>();

  constructor(
    private readonly fields: readonly NamedField[],
    private readonly nowUs: () => number,
  ) {}

  see(effect: PairEffect): void {
    if (effect.type !== 'requestCommit') return;
    const { board, seq, parts } = effect;
    this.#last.set(board, { seq, bodies: parts.map(({ body }) => body), atUs: this.nowUs() });
  }

  /** Null: nothing yet, or nothing of it has a name. */
  of(board: string): LiveValues | null {
    const last = this.#last.get(board);
    if (last === undefined || this.fields.length === 0) return null;
    const values = last.bodies.flatMap((body, part) => valuesOf(body, this.fields, part));
    return { seq: last.seq, ageMs: Math.max(0, Math.round((this.nowUs() - last.atUs) / 1000)), values };
  }
}
