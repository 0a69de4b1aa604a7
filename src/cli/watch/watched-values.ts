import type { BoardStatus, Status } from '../../control/contract/status.js';

/** So many looks are kept of each value. */
const MOST_KEPT = 120;

type Named = NonNullable<BoardStatus['live']>['values'][number];

/** A field of the boards, as it was seen. */
export interface WatchedField {
  readonly name: string;
  readonly unit: string;
  /** As each board has it now; null: it says nothing of it. */
  readonly now: ReadonlyMap<string, Named['value'] | null>;
  /** Of the board that drives, oldest first. */
  readonly history: readonly (number | null)[];
}

/** What was seen of a pair since somebody looks. */
export class WatchedValues {
  readonly #histories = new Map<string, (number | null)[]>();
  readonly #rates: number[] = [];
  #fields: readonly WatchedField[] = [];
  #last: { readonly answered: number; readonly atMs: number } | null = null;

  get fields(): readonly WatchedField[] {
    return this.#fields;
  }

  /** Answers a second, oldest first. */
  get rates(): readonly number[] {
    return this.#rates;
  }

  see({ boards, primary, inputs }: Status, atMs: number): void {
    const last = this.#last;
    // A gateway that was restarted counts anew.
    if (last !== null && inputs.answered >= last.answered && atMs > last.atMs) {
      keep(this.#rates, ((inputs.answered - last.answered) * 1000) / (atMs - last.atMs));
    }
    this.#last = { answered: inputs.answered, atMs };
    const names = new Map<string, Named>();
    const said = boards.map((board) => [board.board, namedOf(board)] as const);
    for (const [, named] of said) for (const [key, value] of named) names.set(key, value);
    this.#fields = [...names].map(([key, { name, unit }]) => {
      const now = new Map(said.map(([board, named]) => [board, named.get(key)?.value ?? null] as const));
      const history = this.#histories.get(key) ?? [];
      this.#histories.set(key, history);
      const driving = now.get(primary) ?? null;
      keep(history, driving === null ? null : Number(driving));
      return { name, unit, now, history };
    });
  }
}

/** What it computes, reads and puts out; one name may stand for two of these. */
function namedOf({ live }: BoardStatus): ReadonlyMap<string, Named> {
  const groups = [live?.values ?? [], live?.readings ?? [], live?.outputs ?? []];
  return new Map(groups.flatMap((group, index) => group.map((value) => [`${index} ${value.name}`, value] as const)));
}

function keep<Value>(values: Value[], value: Value): void {
  values.push(value);
  if (values.length > MOST_KEPT) values.shift();
}
