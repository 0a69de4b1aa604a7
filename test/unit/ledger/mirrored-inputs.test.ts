import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MirroredInputs } from '../../../src/ledger/worker/standby/mirrored-inputs.js';
import type { StoreAnswer, StoreRequest } from '../../../src/ledger/worker/store-messages.js';
import { InputTable } from '../../../src/ledger/worker/tables/input-table.js';
import { bytes, commit, input, newStore } from './store-kit.js';

// R17: what memory has followed is what the file has, row by row: the one is compared with the other.

let database: Database;
let table: InputTable;
let mirror: MirroredInputs;
beforeEach(() => {
  database = newStore();
  table = new InputTable(database, 10_000);
  mirror = new MirroredInputs();
  mirror.load(database);
});
afterEach(() => database.close());

/** What a store does with these requests, and what memory is told of it. */
function play(...requests: StoreRequest[]): void {
  for (const request of requests) {
    let answer: StoreAnswer | null = null;
    try {
      answer = answerOf(request);
    } catch {
      // Refused by the schema: memory is told nothing.
      continue;
    }
    mirror.follow(request, answer);
  }
}

function answerOf(request: StoreRequest): StoreAnswer | null {
  switch (request.type) {
    case 'recordInput':
      return table.record(request);
    case 'requestCommit':
      return table.commit(request);
    case 'recordDone':
      return table.recordDone(request.board, request.seq);
    case 'recordEmitted':
      table.recordEmitted(request.seq);
      return null;
    case 'quarantine':
      table.quarantine(request.seq);
      return null;
    case 'releaseInput':
      table.release(request.seq);
      return null;
    case 'dropInput':
      table.drop(request.seq);
      return null;
    case 'recordVerdict':
      table.recordVerdict(request.seq, request.board, request.hash, request.verdict);
      return null;
    case 'recordAttempt':
      table.recordAttempt(request.seq, request.board, request.session);
      return null;
    case 'finishInput':
      table.finish(request.seq);
      return null;
    default:
      return null;
  }
}

function plain(row: object): object {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, value instanceof Uint8Array ? [...value] : value]),
  );
}

function expectSame(): void {
  const all = (sql: string) => (database.prepare(sql).all() as object[]).map(plain);
  const bySeq = (one: { seq: number }, other: { seq: number }) => one.seq - other.seq;
  expect([...mirror.rows].sort(bySeq).map(plain)).toEqual(all('SELECT * FROM input ORDER BY seq'));
  expect([...mirror.attempts].sort(bySeq)).toEqual(all('SELECT seq, board, session FROM attempt ORDER BY seq, board'));
  const byHash = (one: { seq: number; hash: number }, other: { seq: number; hash: number }) =>
    bySeq(one, other) || one.hash - other.hash;
  expect([...mirror.verdicts].sort(byHash)).toEqual(all('SELECT * FROM verdict ORDER BY seq, hash'));
  const { executionCount, line } = mirror;
  expect([{ execution_count: executionCount, line }]).toEqual(all('SELECT execution_count, line FROM pair'));
}

const attempt = (seq: number, board: string, session = 1): StoreRequest => ({
  ...{ type: 'recordAttempt', seq, board, session },
});
const verdict = (seq: number, hash: number, how: 'match' | 'arbitrated', board = 'b'): StoreRequest => ({
  ...{ type: 'recordVerdict', seq, board, hash, verdict: how },
});
const of = (type: 'finishInput' | 'quarantine' | 'releaseInput' | 'dropInput' | 'recordEmitted', seq: number) =>
  ({ type, seq }) as StoreRequest;
const done = (seq: number, board: string): StoreRequest => ({ type: 'recordDone', board, seq });

describe('R17: memory has what the file has', () => {
  it('of inputs from acceptance to their end', () => {
    play(input(1), input(2), input(3, { kind: 'tick', ref: 'tick' }), input(1));
    expectSame();
    expect(mirror.pairTimeMs).toBe(3);
    play(commit(1), commit(2, { board: 'b' }), commit(9), done(1, 'b'), done(1, 'a'), done(1, 'b'));
    expectSame();
    play(
      of('recordEmitted', 1),
      of('finishInput', 1),
      of('finishInput', 1),
      of('finishInput', 2),
      of('finishInput', 99),
    );
    expectSame();
  });

  it('of an id that was used, which is not recorded', () => {
    play(input(1), input(2, { ref: 'tcp:1' }));
    expectSame();
    expect([...mirror.rows]).toHaveLength(1);
  });

  it('of attempts and verdicts, which go with their input', () => {
    play(
      input(1),
      input(2),
      attempt(1, 'a'),
      attempt(1, 'a'),
      attempt(1, 'b', 2),
      attempt(2, 'a'),
      verdict(2, 5, 'match'),
    );
    play(verdict(1, 5, 'match'), verdict(1, 5, 'match'), verdict(1, 6, 'match'));
    expectSame();
    expect([mirror.attempts.length, mirror.verdicts.length]).toEqual([3, 3]);
    play(commit(1), of('finishInput', 1));
    expectSame();
    expect([mirror.attempts.length, mirror.verdicts.length]).toEqual([1, 1]);
  });

  it('R22: of quarantine, of what a person lets go or gives up, and of what is over already', () => {
    play(input(1), input(2), input(3), attempt(1, 'a'), attempt(2, 'a'), of('quarantine', 1), of('quarantine', 2));
    expectSame();
    play(of('releaseInput', 1), of('dropInput', 2), of('dropInput', 3));
    expectSame();
    play(
      of('dropInput', 2),
      of('finishInput', 2),
      of('releaseInput', 2),
      commit(2),
      attempt(2, 'a'),
      of('releaseInput', 2),
    );
    expectSame();
  });

  it('R16, R27: of probes that nobody committed, which leave no row, and of what was recovered', () => {
    play(input(1, { kind: 'probe' }), attempt(1, 'a'), input(2, { kind: 'probe' }), commit(2));
    play(input(3, { kind: 'recovered', ref: 'x' }), input(4));
    expectSame();
    for (const seq of [1, 2, 3, 4]) play(of('finishInput', seq));
    expectSame();
    expect([...mirror.rows].map(({ seq }) => seq)).toEqual([2, 3, 4]);
  });

  it('R3, R25: of lines: an owner that counts anew is on another one', () => {
    play(input(1), input(2), input(3), commit(1, { executionCount: 5 }), commit(2, { executionCount: 6 }));
    expect(mirror.line).toBe(1);
    play(commit(3, { executionCount: 6 }));
    expectSame();
    expect(mirror.line).toBe(2);
  });

  it('R19: of a result that was decided otherwise, by the higher epoch, and of no other', () => {
    play(input(1), commit(1), verdict(1, 55, 'match'));
    const other = commit(1, { board: 'b', hash: 55, digest: 8, result: bytes(0, 1, 0, 0, 0, 9), observed: '[2]' });
    play(other);
    expectSame();
    expect([...mirror.rows][0]?.commit_hash).toBe(101);
    play(verdict(1, 56, 'arbitrated', 'a'));
    play({ ...other, hash: 56 });
    expectSame();
    // It is in the file as a match already, under the same key, and stays one.
    play(verdict(1, 55, 'arbitrated'), other);
    expectSame();
    expect([...mirror.rows][0]?.commit_hash).toBe(101);
    const decided = { ...other, hash: 57 };
    play(verdict(1, 57, 'arbitrated'), decided, decided);
    expectSame();
    expect([...mirror.rows][0]).toMatchObject({ commit_board: 'b', commit_hash: 57, digest: 8, observed: '[1]' });
  });

  it('of counters: the larger total, for each board', () => {
    const totals = (...list: [string, string, number][]): StoreRequest => ({
      ...{ type: 'setCounters', totals: list.map(([counter, board, total]) => ({ counter, board, total })) },
    });
    play(totals(['c', 'a', 4], ['c', 'b', 1], ['d', '', 0]), totals(['c', 'a', 3], ['c', 'b', 2]));
    expect(mirror.counters).toEqual([
      { counter: 'c', board: 'a', total: 4 },
      { counter: 'c', board: 'b', total: 2 },
    ]);
  });

  it('and nothing of what no answer says was let in', () => {
    mirror.follow(input(1), null);
    mirror.follow(input(2), { type: 'refUsed', seq: 2, ref: 'x' });
    mirror.follow(commit(1), null);
    expect([...mirror.rows]).toEqual([]);
    expect(mirror.executionCount).toBe(0);
  });
});

describe('R17: what a file knew before', () => {
  it('is loaded with everything in work, attempts, verdicts, counters and counts', () => {
    play(input(1), input(2), commit(1), of('finishInput', 1), attempt(2, 'a'), verdict(2, 5, 'match'));
    play(attempt(2, 'b'), verdict(2, 6, 'match'));
    database.exec(`INSERT INTO counter VALUES ('c', 'a', 3); UPDATE pair SET pair_time_ms = 77`);
    mirror = new MirroredInputs();
    mirror.load(database);
    expectSame();
    expect(mirror.counters).toEqual([{ counter: 'c', board: 'a', total: 3 }]);
    expect(mirror.pairTimeMs).toBe(77);
    play(attempt(2, 'b', 2), commit(2), of('finishInput', 2));
    expectSame();
  });

  it('is nothing where the file is new', () => {
    database.exec(`DELETE FROM pair`);
    mirror = new MirroredInputs();
    mirror.load(database);
    expect([mirror.executionCount, mirror.line, mirror.pairTimeMs]).toEqual([0, 1, 0]);
  });
});

describe('R6: finished inputs in memory', () => {
  const granted = (seq: number): StoreAnswer => ({
    ...{ type: 'commitAnswered', board: 'a', session: 1, seq, hash: 1, outcome: 'granted' },
  });
  const over = (seq: number): void => {
    mirror.follow(input(seq), { type: 'inputRecorded', seq });
    mirror.follow(commit(seq), granted(seq));
    mirror.follow(of('finishInput', seq), null);
  };
  const seqs = () => [...mirror.rows].map(({ seq }) => seq);

  it('are a thousand, of which the oldest are forgotten in batches; what is asked of those is old', () => {
    for (let seq = 1; seq <= 1255; seq++) over(seq);
    expect(seqs()).toHaveLength(1255);
    over(1256);
    expect(seqs()).toHaveLength(1000);
    expect(seqs()[0]).toBe(257);
    mirror.follow(input(256), { type: 'inputRecorded', seq: 256 });
    expect(seqs()[0]).toBe(257);
    mirror.follow(of('recordEmitted', 256), null);
    mirror.follow(commit(256), granted(256));
    expect(seqs()).toHaveLength(1000);
    over(1257);
    expect(seqs()).toHaveLength(1001);
  });

  it('are the newest thousand of a file, whose older ones are old here too', () => {
    database.exec(`UPDATE pair SET carrying = 1;
      WITH RECURSIVE n (seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM n WHERE seq < 1002)
      INSERT INTO input (seq, ref, kind, pair_time_ms, payload, finished, dropped)
      SELECT seq, 'r' || seq, 'input', 1, x'', 1, 1 FROM n`);
    mirror = new MirroredInputs();
    mirror.load(database);
    expect(seqs()).toHaveLength(1000);
    expect(seqs().slice(0, 1)).toEqual([3]);
    mirror.follow(input(2), { type: 'inputRecorded', seq: 2 });
    mirror.follow(input(1003), { type: 'inputRecorded', seq: 1003 });
    expect(seqs()).toHaveLength(1001);
    for (let seq = 1004; seq < 1004 + 256; seq++) over(seq);
    // The oldest that were loaded go first.
    expect(seqs().includes(3)).toBe(false);
    expect(seqs().includes(259)).toBe(true);
  });
});
