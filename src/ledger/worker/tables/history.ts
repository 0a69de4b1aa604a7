import type { Database, Statement } from 'better-sqlite3';
import type { InputRow } from '../../../pair/result/ledger-rows.js';
import type { Seq } from '../../../pair/result/messages.js';
import { inputRowOf, type StoredInput, WITH_ATTEMPTS } from './read-inputs.js';

/** Seqs and executions are nearly in the same order: what comes next is looked for among so many rows around the last. */
const AROUND_ROWS = 512;

/**
 * What was committed, in the order of execution, for a board that joins by replay (R25). There is no index for it: each
 * commit would write a page more for what is read when a board joins. So the first piece costs a look at every row, and
 * the next ones are found beside it.
 */
export class History {
  readonly #pair: Statement;
  readonly #anywhere: Statement;
  readonly #beside: Statement;
  #lastSeq: Seq | null = null;

  constructor(database: Database) {
    const wanted = `line = @line AND execution_count > @after AND execution_count <= @after + @limit`;
    this.#pair = database.prepare(`SELECT execution_count AS last, line FROM pair`);
    this.#anywhere = database.prepare(`${WITH_ATTEMPTS} WHERE ${wanted} ORDER BY execution_count`);
    this.#beside = database.prepare(
      `${WITH_ATTEMPTS} WHERE ${wanted} AND seq IN (SELECT seq FROM input WHERE seq > @from ORDER BY seq LIMIT @rows)
       ORDER BY execution_count`,
    );
  }

  /** Without a hole, at most `limit`; empty when there is nothing after `after`, null when the next one is not here. */
  read(after: number, limit: number): InputRow[] | null {
    const { last, line } = this.#pair.get() as { last: number; line: number };
    if (after >= last) return [];
    const bounds = { line, after, limit: Math.max(1, limit) };
    let found: StoredInput[] = [];
    if (this.#lastSeq !== null) {
      const rows = bounds.limit + 2 * AROUND_ROWS;
      found = unbroken(this.#beside.all({ ...bounds, from: this.#lastSeq - AROUND_ROWS, rows }), after);
    }
    if (found.length === 0) found = unbroken(this.#anywhere.all(bounds), after);
    const end = found.at(-1);
    if (end === undefined) return null;
    this.#lastSeq = end.seq;
    return found.map(inputRowOf);
  }
}

function unbroken(rows: readonly unknown[], after: number): StoredInput[] {
  const stored = rows as StoredInput[];
  const hole = stored.findIndex((row, index) => row.execution_count !== after + index + 1);
  return hole < 0 ? stored : stored.slice(0, hole);
}
