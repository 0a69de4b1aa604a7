import type { NamedValue } from './values.js';

/** Enough for two minutes at two a second. */
const MOST_POINTS = 600;
const KEPT_S = 120;
/** More fields are shown as numbers alone. */
const MOST_FIELDS = 40;

/** One field of all boards over time: `columns[0]` are seconds, then one column for each board; null where a board said nothing. */
export interface Trace {
  readonly times: number[];
  readonly columns: ReadonlyMap<string, (number | null)[]>;
}

/** The last two minutes of named values, for plots: bounded in time, in points and in fields. */
export class History {
  readonly #traces = new Map<string, Trace>();

  constructor(private readonly boards: readonly string[]) {}

  add(atS: number, key: string, valueAt: (board: string) => NamedValue['value'] | undefined): void {
    const trace = this.#traces.get(key) ?? this.#begin(key);
    if (trace === null) return;
    trace.times.push(atS);
    for (const [board, column] of trace.columns) column.push(numberOf(valueAt(board)));
    const first = trace.times.findIndex((time) => time >= atS - KEPT_S);
    const over = Math.max(first, trace.times.length - MOST_POINTS);
    if (over <= 0) return;
    trace.times.splice(0, over);
    for (const column of trace.columns.values()) column.splice(0, over);
  }

  of(key: string): Trace | null {
    return this.#traces.get(key) ?? null;
  }

  #begin(key: string): Trace | null {
    if (this.#traces.size >= MOST_FIELDS) return null;
    const trace: Trace = { times: [], columns: new Map(this.boards.map((board) => [board, []])) };
    this.#traces.set(key, trace);
    return trace;
  }
}

function numberOf(value: NamedValue['value'] | undefined): number | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'boolean' ? Number(value) : value;
}
