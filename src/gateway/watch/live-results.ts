import type { LiveValues, Status } from '../../control/contract/status.js';
import { outputsOf, readingsOf, valuesOf } from '../../faults/named-values.js';
import type { FieldMap } from '../../faults/stored-fault.js';
import type { ResultPart } from '../../pair/result/messages.js';
import type { PairEffect } from '../../pair/state/effects.js';
import { isRejected } from '../../values/rejection.js';

interface Computed {
  readonly seq: number;
  readonly parts: readonly ResultPart[];
  readonly observed: readonly number[];
  readonly atUs: number;
}

interface Given {
  readonly seq: number;
  readonly payload: Uint8Array;
  readonly atUs: number;
}

/** What each board computed, read and put out last, for people who look: kept as it came, one of each a board, and named when somebody asks. */
export class LiveResults {
  readonly #last = new Map<string, Computed>();
  readonly #levels = new Map<string, readonly number[]>();
  #given: Given | null = null;

  constructor(
    private readonly fields: FieldMap,
    private readonly nowUs: () => number,
  ) {}

  see(effect: PairEffect): void {
    switch (effect.type) {
      case 'recordInput':
        if (effect.kind !== 'probe') this.#given = { seq: effect.seq, payload: effect.payload, atUs: this.nowUs() };
        return;
      case 'requestCommit': {
        const { board, seq, parts, observed } = effect;
        this.#last.set(board, { seq, parts, observed, atUs: this.nowUs() });
        return;
      }
      case 'recordDone':
        if (effect.readBack !== undefined) this.#levels.set(effect.board, effect.readBack);
        return;
      default:
    }
  }

  /** Null: nothing yet, or nothing of it has a name; a rejection is told in any case. */
  of(board: string): LiveValues | null {
    const last = this.#last.get(board);
    if (last === undefined) return null;
    const { result, sources = [], outputs = [] } = this.fields;
    const rejected = isRejected(last.parts);
    if (result.length + sources.length + outputs.length === 0 && !rejected) return null;
    // What a rejection says has no fields.
    const values = rejected ? [] : last.parts.flatMap(({ body }, part) => valuesOf(body, result, part));
    return {
      seq: last.seq,
      ageMs: this.#ageMs(last.atUs),
      values,
      ...(sources.length === 0 ? {} : { readings: readingsOf(last.observed, sources) }),
      ...(outputs.length === 0 ? {} : { outputs: outputsOf(this.#levels.get(board) ?? [], outputs) }),
      ...(rejected ? { rejected } : {}),
    };
  }

  /** Of the newest input; nothing where no field of an input has a name. */
  get lastInput(): Pick<Status, 'lastInput'> {
    const { input } = this.fields;
    if (input.length === 0) return {};
    if (this.#given === null) return { lastInput: null };
    const { seq, payload, atUs } = this.#given;
    return { lastInput: { seq, ageMs: this.#ageMs(atUs), values: valuesOf(payload, input) } };
  }

  #ageMs(sinceUs: number): number {
    return Math.max(0, Math.round((this.nowUs() - sinceUs) / 1000));
  }
}
