import type { LiveValues } from '../../control/contract/status.js';
import { valuesOf } from '../../faults/named-values.js';
import type { ResultPart } from '../../pair/result/messages.js';
import type { PairEffect } from '../../pair/state/effects.js';
import type { NamedField } from '../../values/named-field.js';
import { isRejected } from '../../values/rejection.js';

interface Computed {
  readonly seq: number;
  readonly parts: readonly ResultPart[];
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
    this.#last.set(board, { seq, parts, atUs: this.nowUs() });
  }

  /** Null: nothing yet, or nothing of it has a name; a rejection is told in any case. */
  of(board: string): LiveValues | null {
    const last = this.#last.get(board);
    if (last === undefined) return null;
    const rejected = isRejected(last.parts);
    if (this.fields.length === 0 && !rejected) return null;
    // What a rejection says has no fields.
    const values = rejected ? [] : last.parts.flatMap(({ body }, part) => valuesOf(body, this.fields, part));
    return {
      seq: last.seq,
      ageMs: Math.max(0, Math.round((this.nowUs() - last.atUs) / 1000)),
      values,
      ...(rejected ? { rejected } : {}),
    };
  }
}
