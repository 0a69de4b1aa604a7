import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputTable } from '../../../src/ledger/worker/tables/input-table.js';
import { bytes, commit, finished, input, newStore, valuesOf } from './store-kit.js';

let database: Database;
let table: InputTable;
let pruned: number[];
beforeEach(() => {
  database = newStore();
  pruned = [];
  table = new InputTable(database, 3, (seqs) => pruned.push(...seqs));
});
afterEach(() => database.close());

const columnOf = (column: string, seq: number) =>
  valuesOf(database, `SELECT ${column} FROM input WHERE seq = ?`, seq)[0];
const seqsOf = (name: string) => valuesOf(database, `SELECT seq FROM ${name} ORDER BY seq`);

describe('an input', () => {
  it('R27: is the end of a restart of the host, once', () => {
    table.record(input(1));
    expect(valuesOf(database, 'SELECT host_restarted FROM pair')).toEqual([0]);
    database.exec('UPDATE pair SET host_restarted = 1');
    table.record(input(2));
    expect(valuesOf(database, 'SELECT host_restarted FROM pair')).toEqual([1]);
  });

  it('R1: recorded twice under its seq is a repeat of ours', () => {
    expect(table.record(input(1))).toEqual({ type: 'inputRecorded', seq: 1 });
    expect(table.record(input(1))).toEqual({ type: 'inputRecorded', seq: 1 });
    expect(seqsOf('input')).toEqual([1]);
  });

  it('R23: whose id was used is known: with its answer, as used with another payload, or as given up by a person', () => {
    table.record(input(1, { payload: bytes(5) }));
    const again = input(2, { ref: 'tcp:1', payload: bytes(5) });
    expect(table.record(again)).toEqual({ type: 'inputKnown', seq: 2, ref: 'tcp:1', knownSeq: 1, answer: null });
    table.commit(commit(1));
    expect(table.record(again)).toMatchObject({
      type: 'inputKnown',
      knownSeq: 1,
      answer: [{ rejected: false, body: bytes(1) }],
    });
    expect(table.record(input(2, { ref: 'tcp:1', payload: bytes(6) }))).toEqual({
      type: 'refUsed',
      seq: 2,
      ref: 'tcp:1',
    });
    table.record(input(3));
    table.quarantine(3);
    table.drop(3);
    expect(table.record(input(4, { ref: 'tcp:3', payload: bytes(9) }))).toEqual({
      ...{ type: 'refDropped', seq: 4, ref: 'tcp:3' },
    });
    expect(seqsOf('input')).toEqual([1, 3]);
  });

  it('R8: is committed by who may, and the answer says what the constraint said', () => {
    table.record(input(1));
    const answered = (outcome: string, more = {}) => ({
      ...{ type: 'commitAnswered', board: 'a', session: 1, seq: 1, hash: 101, outcome, ...more },
    });
    expect(table.commit(commit(1, { board: 'b' }))).toEqual(answered('not-owner', { board: 'b' }));
    expect(table.commit(commit(1))).toEqual(answered('granted'));
    expect(table.commit(commit(1))).toEqual(answered('granted'));
    expect(table.commit(commit(1, { hash: 5 }))).toEqual(answered('different', { hash: 5 }));
    database.exec(`UPDATE board SET standing = 'locked-out' WHERE board = 'b'`);
    expect(table.commit(commit(1, { board: 'b' }))).toMatchObject({ outcome: 'locked-out' });
    // What is no refusal of a commit is a mistake of ours, and thrown.
    table.record(input(2));
    expect(() => table.commit(commit(2, { executionCount: 'x' as unknown as number }))).toThrow('INTEGER');
  });

  it('R2: is done by each board once, in the order in which they were', () => {
    table.record(input(1));
    expect(table.recordDone('b', 1)).toEqual({ type: 'doneRecorded', board: 'b', seq: 1 });
    table.recordDone('a', 1);
    table.recordDone('b', 1);
    expect(columnOf('done_by', 1)).toBe('b,a');
  });

  it('R9: is emitted, and finished once', () => {
    finished(table, 1);
    table.recordEmitted(1);
    table.finish(1);
    expect([columnOf('emitted', 1), columnOf('finished', 1)]).toEqual([1, 1]);
  });

  it('R6: has its oldest finished rows pruned, a batch at a time, and keeps the pair time that went with them', () => {
    finished(table, ...Array.from({ length: 258 }, (_, index) => index + 1));
    expect(pruned).toEqual([]);
    expect(valuesOf(database, 'SELECT pair_time_ms FROM pair')).toEqual([0]);
    finished(table, 259);
    expect(pruned).toEqual(Array.from({ length: 256 }, (_, index) => index + 1));
    expect(seqsOf('input')).toEqual([257, 258, 259]);
    expect(valuesOf(database, 'SELECT pair_time_ms FROM pair')).toEqual([259]);
  });
});

describe('R22: an input that boards died on', () => {
  const tried = (seq: number): void => {
    table.record(input(seq));
    table.recordAttempt(seq, 'a', 1);
    table.recordAttempt(seq, 'a', 1);
    table.recordVerdict(seq, 'b', 9, 'match');
    table.recordVerdict(seq, 'b', 9, 'match');
  };

  it('is released without its attempts, and not once it is finished', () => {
    tried(1);
    table.quarantine(1);
    expect(columnOf('quarantined', 1)).toBe(1);
    table.release(1);
    expect([columnOf('quarantined', 1), seqsOf('attempt'), seqsOf('verdict')]).toEqual([0, [], [1]]);
    table.quarantine(1);
    table.drop(1);
    table.recordAttempt(1, 'a', 2);
    table.release(1);
    expect([columnOf('quarantined', 1), seqsOf('attempt')]).toEqual([1, [1]]);
  });

  it('is dropped by a person, with its attempts and verdicts, and counts as finished', () => {
    tried(1);
    tried(2);
    table.quarantine(1);
    table.drop(1);
    expect([columnOf('dropped', 1), columnOf('finished', 1)]).toEqual([1, 1]);
    expect([seqsOf('attempt'), seqsOf('verdict')]).toEqual([[2], [2]]);
    table.drop(1);
    finished(table, ...Array.from({ length: 257 }, (_, index) => index + 10));
    expect(pruned).toEqual([]);
    finished(table, 300);
    expect(pruned[0]).toBe(1);
  });

  it('has its attempts and verdicts forgotten when it is finished, also of a file that had them before', () => {
    tried(1);
    table.commit(commit(1));
    tried(2);
    table.commit(commit(2));
    const later = new InputTable(database, 3);
    later.finish(1);
    expect([seqsOf('attempt'), seqsOf('verdict')]).toEqual([[2], [2]]);
    table.finish(2);
    expect([seqsOf('attempt'), seqsOf('verdict')]).toEqual([[], []]);
  });
});

describe('a probe', () => {
  it('R25: that was committed is kept as what the boards have executed', () => {
    table.record(input(1, { kind: 'probe' }));
    table.commit(commit(1));
    table.finish(1);
    expect(seqsOf('input')).toEqual([1]);
    expect(columnOf('finished', 1)).toBe(1);
  });

  it('R16: that nobody committed leaves nothing but its pair time', () => {
    table.record(input(1, { kind: 'probe', pairTimeMs: 70 }));
    table.recordAttempt(1, 'a', 1);
    table.finish(1);
    expect([seqsOf('input'), seqsOf('attempt')]).toEqual([[], []]);
    expect(valuesOf(database, 'SELECT pair_time_ms FROM pair')).toEqual([70]);
  });

  it('is known as one by a later store, and by one that has lost a transaction', () => {
    table.record(input(1, { kind: 'probe' }));
    table.record(input(2, { kind: 'probe' }));
    new InputTable(database, 3).finish(1);
    table.recount();
    table.finish(2);
    expect(seqsOf('input')).toEqual([]);
  });

  it('has a number of its own that is kept: probes do not push out inputs', () => {
    finished(table, 1);
    for (let seq = 10; seq < 10 + 259; seq++) {
      table.record(input(seq, { kind: 'probe' }));
      table.commit(commit(seq));
      table.finish(seq);
    }
    expect(pruned).toHaveLength(256);
    expect(seqsOf('input')).toEqual([1, 266, 267, 268]);
  });

  it('an input without a commit is not finished, and does not go', () => {
    table.record(input(1));
    expect(() => table.finish(1)).toThrow('UNFINISHED');
    expect(seqsOf('input')).toEqual([1]);
    table.finish(99);
    expect(valuesOf(database, 'SELECT pair_time_ms FROM pair')).toEqual([0]);
  });
});

describe('the input of a fault', () => {
  it('is read with its result, and is null where there is none', () => {
    table.record(input(1));
    expect(table.read(1)).toMatchObject({ seq: 1, ref: 'tcp:1', kind: 'input', result: null });
    table.commit(commit(1));
    expect(table.read(1)?.result?.at(-1)).toBe(1);
    expect(table.read(2)).toBeNull();
  });
});

describe('R25: history', () => {
  it('is what was committed, in the order of execution, without a hole, at most so much', () => {
    finished(table, 1, 2, 3);
    const read = (after: number, limit: number) => {
      const answer = table.history({ type: 'readHistory', board: 'b', after, limit });
      expect(answer).toMatchObject({ type: 'historyRead', board: 'b', after });
      return answer.type === 'historyRead' ? (answer.inputs?.map(({ seq }) => seq) ?? null) : undefined;
    };
    expect(read(0, 10)).toEqual([1, 2, 3]);
    expect(read(0, 2)).toEqual([1, 2]);
    expect(read(2, 2)).toEqual([3]);
    expect(read(0, 0)).toEqual([1]);
    expect(read(3, 5)).toEqual([]);
    expect(read(9, 5)).toEqual([]);
  });
});
