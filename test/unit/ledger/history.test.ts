import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { History } from '../../../src/ledger/worker/tables/history.js';
import { KeptInputs } from '../../../src/ledger/worker/tables/kept-inputs.js';
import { newStore, valuesOf } from './store-kit.js';

let database: Database;
beforeEach(() => {
  database = newStore();
  database.exec('UPDATE pair SET carrying = 1');
});
afterEach(() => database.close());

/** A committed row, finished, as it is carried from another file. */
function put(seq: number, executionCount: number, line = 1, kind = 'input'): void {
  database
    .prepare(
      `INSERT INTO input (seq, ref, kind, pair_time_ms, payload, commit_board, commit_epoch, commit_hash, execution_count,
       line, digest, result, observed, finished) VALUES (?, ?, ?, 1, x'', 'a', 1, 1, ?, ?, 1, x'', '[]', 1)`,
    )
    .run(seq, `r${seq}`, kind, executionCount, line);
  database.prepare('UPDATE pair SET execution_count = max(execution_count, ?), line = ?').run(executionCount, line);
}

const seqsOf = (inputs: readonly { seq: number }[] | null) => inputs?.map(({ seq }) => seq) ?? null;

describe('R25: what was committed, for a board that joins by replay', () => {
  it('comes in the order of execution, which is not that of the seqs', () => {
    put(1, 2);
    put(2, 1);
    put(3, 3);
    expect(seqsOf(new History(database).read(0, 10))).toEqual([2, 1, 3]);
  });

  it('is of the line that the pair is on: another counts anew', () => {
    put(1, 1, 1);
    put(2, 2, 1);
    put(3, 1, 2);
    database.exec('UPDATE pair SET execution_count = 1');
    expect(seqsOf(new History(database).read(0, 10))).toEqual([3]);
  });

  it('ends before a hole, and is null where the next one is not here', () => {
    for (const count of [2, 3, 5]) put(count, count);
    const history = new History(database);
    expect(history.read(0, 10)).toBeNull();
    expect(seqsOf(history.read(1, 10))).toEqual([2, 3]);
    expect(history.read(3, 10)).toBeNull();
    expect(seqsOf(history.read(4, 10))).toEqual([5]);
    expect(history.read(5, 10)).toEqual([]);
  });

  it('is found beside the last one, and anywhere where it is not there', () => {
    for (let count = 1; count <= 6; count++) put(1000 + count, count);
    put(2, 7);
    put(20_000, 8);
    const history = new History(database);
    expect(seqsOf(history.read(0, 3))).toEqual([1001, 1002, 1003]);
    expect(seqsOf(history.read(3, 3))).toEqual([1004, 1005, 1006]);
    expect(seqsOf(history.read(6, 1))).toEqual([2]);
    expect(seqsOf(history.read(7, 1))).toEqual([20_000]);
    expect(history.read(8, 1)).toEqual([]);
  });
});

describe('R6: finished rows that are kept', () => {
  it('are counted from what a file has, again after rows have come by another way, each kind by itself', () => {
    for (let seq = 1; seq <= 257; seq++) put(seq, seq);
    for (let seq = 1001; seq <= 1100; seq++) put(seq, seq, 1, 'probe');
    const pruned: number[] = [];
    const kept = new KeptInputs(database, 2, (seqs) => pruned.push(...seqs));
    kept.recount();
    expect(kept.finished('probe')).toBe(false);
    expect(kept.finished('input')).toBe(true);
    expect(pruned).toEqual(Array.from({ length: 256 }, (_, index) => index + 1));
    expect(valuesOf(database, `SELECT count(*) FROM input WHERE kind = 'probe'`)).toEqual([100]);
    expect(kept.finished('input')).toBe(false);
    database.exec(`DELETE FROM input`);
    kept.recount();
    for (let more = 0; more < 257; more++) expect(kept.finished('input')).toBe(false);
    expect(kept.finished('input')).toBe(true);
  });

  it('that were finished late lie before the last pruning, and are found when there is nothing else', () => {
    const pruned: number[][] = [];
    const kept = new KeptInputs(database, 0, (seqs) => pruned.push([...seqs]));
    for (let seq = 1000; seq < 1256; seq++) put(seq, seq);
    for (let count = 0; count < 256; count++) kept.finished('input');
    expect(pruned[0]).toHaveLength(256);
    for (let seq = 1; seq <= 300; seq++) put(seq, seq);
    for (let count = 0; count < 256; count++) kept.finished('input');
    expect(pruned[1]).toEqual([]);
    expect(kept.finished('input')).toBe(true);
    expect(pruned[2]).toHaveLength(257);
  });
});
