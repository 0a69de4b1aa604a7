import Sqlite, { type Database } from 'better-sqlite3';
import { migrate } from '../../../src/ledger/schema/migrations.js';
import type { CommitRequest, StoreRequest } from '../../../src/ledger/worker/store-messages.js';
import type { InputTable } from '../../../src/ledger/worker/tables/input-table.js';

export const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** A file of a ledger in memory, as a start leaves it: boards a and b, a owns epoch 1, seqs through 100,000 reserved. */
export function newStore(): Database {
  const database = new Sqlite(':memory:');
  migrate(database);
  database.exec(`
    INSERT INTO pair (id, boot_id, reserved_through_seq, host_restarted) VALUES (1, 'boot', 100000, 1);
    INSERT INTO board (board) VALUES ('a'), ('b');
    INSERT INTO lease VALUES (1, 1, 'a')`);
  return database;
}

/** The one value of a row, or the values of a column. */
export function valuesOf(database: Database, sql: string, ...values: unknown[]): unknown[] {
  return database
    .prepare(sql)
    .pluck()
    .all(...values);
}

type Input = Extract<StoreRequest, { type: 'recordInput' }>;

export function input(seq: number, more: Partial<Input> = {}): Input {
  return { type: 'recordInput', seq, ref: `tcp:${seq}`, kind: 'input', pairTimeMs: seq, payload: bytes(seq), ...more };
}

/** A result in one part of one byte: the seq. */
export function commit(seq: number, more: Partial<CommitRequest> = {}): CommitRequest {
  return {
    ...{ type: 'requestCommit', board: 'a', session: 1, epoch: 1, seq, hash: 100 + seq, executionCount: seq },
    ...{ digest: 7, result: bytes(0, 1, 0, 0, 0, seq), observed: '[1]', ...more },
  };
}

/** Records and commits these, and finishes them. */
export function finished(table: InputTable, ...seqs: number[]): void {
  for (const seq of seqs) {
    table.record(input(seq));
    table.commit(commit(seq));
    table.finish(seq);
  }
}
