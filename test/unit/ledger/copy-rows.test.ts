import Sqlite, { type Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Alignment } from '../../../src/ledger/worker/store-messages.js';
import { align, setCounters } from '../../../src/ledger/worker/tables/align.js';
import { copyRows, INPUT_TABLES } from '../../../src/ledger/worker/tables/copy-rows.js';
import { FaultTable } from '../../../src/ledger/worker/tables/fault-table.js';
import { InputTable } from '../../../src/ledger/worker/tables/input-table.js';
import { mergeFaults } from '../../../src/ledger/worker/tables/merge-faults.js';
import { readSnapshot } from '../../../src/ledger/worker/tables/snapshot.js';
import { bytes, commit, input, newStore, valuesOf } from './store-kit.js';

let from: Database;
let into: Database;
beforeEach(() => {
  [from, into] = [newStore(), newStore()];
});
afterEach(() => {
  from.close();
  into.close();
});

describe('R17: rows that are copied from one file to another', () => {
  const WHOLE = { whole: true };

  it('come as they are, committed ones too, and those that are there stay', () => {
    const table = new InputTable(from, 100);
    for (const seq of [1, 2, 3]) table.record(input(seq));
    table.commit(commit(2));
    table.recordAttempt(3, 'a', 1);
    table.recordVerdict(3, 'b', 5, 'match');
    new InputTable(into, 100).record(input(1, { payload: bytes(99) }));
    expect(copyRows(from, into, INPUT_TABLES)).toEqual([
      { table: 'input', rows: 3, ...WHOLE },
      { table: 'attempt', rows: 1, ...WHOLE },
      { table: 'verdict', rows: 1, ...WHOLE },
    ]);
    expect(valuesOf(into, 'SELECT seq FROM input')).toEqual([1, 2, 3]);
    expect(valuesOf(into, 'SELECT payload FROM input WHERE seq = 1')).toEqual([Buffer.from([99])]);
    expect(valuesOf(into, 'SELECT commit_hash FROM input WHERE seq = 2')).toEqual([102]);
    expect(valuesOf(into, 'SELECT carrying FROM pair')).toEqual([0]);
  });

  it('are all tables where none is named', () => {
    into.exec(`DELETE FROM pair; DELETE FROM board; DROP TRIGGER lease_stays; DELETE FROM lease`);
    from.exec(`INSERT INTO counter VALUES ('c', 'a', 1); INSERT INTO setting VALUES ('journal', '/x')`);
    expect(copyRows(from, into).map(({ table, rows }) => [table, rows])).toEqual([
      ...[
        ['pair', 1],
        ['board', 2],
        ['lease', 1],
        ['takeover', 0],
        ['input', 0],
        ['attempt', 0],
      ],
      ...[
        ['verdict', 0],
        ['fault', 0],
        ['fault_step', 0],
        ['counter', 1],
        ['setting', 1],
        ['chronicle', 0],
      ],
    ]);
    expect(readSnapshot(into)).toEqual(readSnapshot(from));
  });

  it('that nobody wrote are left out: texts that are none, and evidence that is no JSON', () => {
    const fault = `INSERT INTO fault (id, code, at_us, wall_time, wall_time_trusted, boot_id, evidence) VALUES`;
    from.exec(`${fault} (1, 'silent', 1, 'w', 1, 'b', '{}'), (2, 'si\ufffdent', 1, 'w', 1, 'b', '{}'),
      (3, 'silent', 1, 'w', 1, 'b', '{'), (4, '{', 1, 'w', 1, 'b', '{"a":1}')`);
    expect(copyRows(from, into, ['fault'])).toEqual([{ table: 'fault', rows: 2, whole: false }]);
    expect(valuesOf(into, 'SELECT id FROM fault')).toEqual([1, 4]);
  });

  it('that the schema does not let in are left out, and said', () => {
    from.exec(`PRAGMA ignore_check_constraints = ON;
      INSERT INTO verdict VALUES (1, 'a', 1, 'nonsense'), (2, 'a', 1, 'match')`);
    const [copied] = copyRows(from, into, ['verdict']);
    expect(valuesOf(into, 'SELECT seq FROM verdict')).toEqual([2]);
    expect(copied).toEqual({ table: 'verdict', rows: 1, whole: false });
  });

  it('of an older file get for what has come since what a new row begins with', () => {
    from.exec(`ALTER TABLE takeover DROP COLUMN planned; INSERT INTO takeover VALUES (1, 'a', 'b', 2, 1)`);
    expect(copyRows(from, into, ['takeover'])).toEqual([{ table: 'takeover', rows: 1, whole: true }]);
    expect(valuesOf(into, 'SELECT planned FROM takeover')).toEqual([0]);
  });

  it('of a table that a file does not have are none, and that is not whole', () => {
    from.exec('DROP TABLE counter');
    expect(copyRows(from, into, ['counter'])).toEqual([{ table: 'counter', rows: 0, whole: false }]);
  });

  it('with a mistake of ours are undone together', () => {
    from.exec(`INSERT INTO counter VALUES ('c', 'a', 1)`);
    expect(() => copyRows(from, into, ['counter', 'pair; no'])).toThrow();
    expect(valuesOf(into, 'SELECT count(*) FROM counter')).toEqual([0]);
    expect(valuesOf(into, 'SELECT carrying FROM pair')).toEqual([0]);
  });
});

describe('R17: what can be read of a damaged file', () => {
  const ROWS = 200;
  const PAGE_BYTES = 4096;

  /** Rows of about a third of a page each, and then these pages of the table overwritten, counted among its leaves. */
  function damaged(leaves: readonly number[]): Database {
    const table = new InputTable(from, 1000);
    for (let seq = 1; seq <= ROWS; seq++) table.record(input(seq, { payload: new Uint8Array(1200).fill(seq) }));
    const image = from.serialize();
    const isLeaf = (page: number) =>
      image[page * PAGE_BYTES] === 0x0d && image.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES).includes('tcp:');
    const pages = Array.from({ length: image.length / PAGE_BYTES }, (_, page) => page).filter(
      (page) => page > 0 && isLeaf(page),
    );
    for (const leaf of leaves) image.fill(0xee, (pages[leaf] ?? 0) * PAGE_BYTES, ((pages[leaf] ?? 0) + 1) * PAGE_BYTES);
    const file = new Sqlite(image);
    toClose.push(file);
    return file;
  }
  const toClose: Database[] = [];
  afterEach(() => {
    for (const file of toClose.splice(0)) file.close();
  });
  const copied = (): number[] => valuesOf(into, 'SELECT seq FROM input ORDER BY seq') as number[];

  it('comes from both ends of one damaged page, and all but what lay there', () => {
    const [report] = copyRows(damaged([20]), into, ['input']);
    const there = copied();
    expect(report).toEqual({ table: 'input', rows: there.length, whole: false });
    expect(there.length).toBeGreaterThan(ROWS - 5);
    expect(there.length).toBeLessThan(ROWS);
    expect([there[0], there.at(-1)]).toEqual([1, ROWS]);
    expect(valuesOf(into, 'SELECT payload FROM input WHERE seq = 150')).toEqual([Buffer.alloc(1200, 150)]);
  });

  it('comes from between two damaged pages too, row by row', () => {
    copyRows(damaged([10, 40]), into, ['input']);
    const there = copied();
    expect(there.length).toBeGreaterThan(ROWS - 10);
    expect(there.length).toBeLessThan(ROWS - 2);
    // From either end reading stops at the first damaged page: what lies between is of the third look.
    expect(there).toContain(100);
  });

  it('comes from the far side alone where the first or the last page is damaged', () => {
    copyRows(damaged([0]), into, ['input']);
    expect(copied().at(-1)).toBe(ROWS);
    expect(copied().length).toBeGreaterThan(ROWS - 5);
    into.exec('UPDATE pair SET carrying = 1; DELETE FROM input; UPDATE pair SET carrying = 0');
    from.close();
    from = newStore();
    copyRows(damaged([Math.ceil(ROWS / 3) - 1]), into, ['input']);
    expect(copied()[0]).toBe(1);
    expect(copied().length).toBeGreaterThan(ROWS - 5);
  });
});

describe('R17: a file that is brought to what the ledger knows', () => {
  const TO: Alignment = {
    ...{ bootId: 'new', hostRestarted: true, lease: { epoch: 4, owner: 'b' } },
    boards: [
      { board: 'a', standing: 'locked-out', session: 8, boot: 3, exits: [1, 2], revision: 6 },
      { board: 'b', standing: 'in-sync', session: 9, boot: null, exits: [], revision: 5 },
    ],
    takeovers: [
      { faultId: 2, from: 'a', to: 'b', epoch: 4, planned: true, reason: null, ended: true },
      { faultId: 1, from: 'b', to: 'a', epoch: 3, planned: false, reason: null, ended: false },
    ],
    ...{ reservedThroughSeq: 200_000, pairTimeMs: 90, executionCount: 12, line: 3, stopped: true, stoppedRevision: 2 },
    counters: [{ counter: 'c', board: 'a', total: 5 }],
    settings: { journal: '/j' },
    ...{ keepsInputs: true, keepsFaults: true },
  };
  const fill = (database: Database): void => {
    new InputTable(database, 100).record(input(1));
    new InputTable(database, 100).recordAttempt(1, 'a', 1);
    new InputTable(database, 100).recordVerdict(1, 'a', 1, 'match');
    const faults = new FaultTable(database, 5, 'b');
    const fault = {
      type: 'openFault',
      faultId: 1,
      code: 'x',
      board: null,
      seq: null,
      atUs: 1,
      evidence: '{}',
    } as const;
    faults.open({ ...fault, wallTime: 'w', wallTimeTrusted: false });
    faults.note({ type: 'noteFault', faultId: 1, step: 's', atUs: 1, detail: '{}' });
  };
  const counts = (database: Database) =>
    ['input', 'attempt', 'verdict', 'fault', 'fault_step'].map(
      (name) => valuesOf(database, `SELECT count(*) FROM ${name}`)[0],
    );

  it('has all of it, whatever it had, and again the same', () => {
    fill(into);
    for (let times = 0; times < 2; times++) {
      align(into, TO);
      expect(readSnapshot(into)).toMatchObject({
        ...{ bootId: 'new', hostRestarted: true, lease: TO.lease, boards: TO.boards },
        takeovers: [
          { faultId: 1, from: 'b', to: 'a', epoch: 3, planned: false, ended: false },
          { faultId: 2, from: 'a', to: 'b', epoch: 4, planned: true, ended: true },
        ],
        ...{ reservedThroughSeq: 200_000, pairTimeMs: 90, executionCount: 12, line: 3 },
        ...{ stopped: true, stoppedRevision: 2, counters: TO.counters, settings: TO.settings },
      });
      expect(counts(into)).toEqual([1, 1, 1, 1, 1]);
    }
    expect(valuesOf(into, 'SELECT carrying FROM pair')).toEqual([0]);
  });

  it('is made where it is new', () => {
    into.exec(`DELETE FROM pair; DELETE FROM board; DROP TRIGGER lease_stays; DELETE FROM lease`);
    align(into, { ...TO, hostRestarted: false, stopped: false });
    expect(readSnapshot(into)).toMatchObject({
      lease: TO.lease,
      boards: TO.boards,
      stopped: false,
      hostRestarted: false,
    });
  });

  it('goes nowhere backwards: lease, seqs, pair time, ends of takeovers, counters', () => {
    align(into, TO);
    align(into, {
      ...{ ...TO, lease: { epoch: 2, owner: 'a' }, reservedThroughSeq: 1, pairTimeMs: 1 },
      takeovers: TO.takeovers.map((takeover) => ({ ...takeover, ended: false })),
      counters: [{ counter: 'c', board: 'a', total: 4 }],
    });
    expect(readSnapshot(into)).toMatchObject({
      ...{ lease: { epoch: 4, owner: 'b' }, reservedThroughSeq: 200_000, pairTimeMs: 90, counters: TO.counters },
      takeovers: [{ ended: false }, { ended: true }],
    });
  });

  it('keeps inputs or faults or neither, as its place among the files is', () => {
    fill(into);
    align(into, { ...TO, keepsInputs: false });
    expect(counts(into)).toEqual([0, 0, 0, 1, 1]);
    fill(from);
    align(from, { ...TO, keepsFaults: false });
    expect(counts(from)).toEqual([1, 1, 1, 0, 0]);
  });

  it('has the larger total of each counter', () => {
    setCounters(into, [
      { counter: 'c', board: 'a', total: 5 },
      { counter: 'c', board: 'b', total: 1 },
    ]);
    setCounters(into, [
      { counter: 'c', board: 'a', total: 4 },
      { counter: 'c', board: 'b', total: 2 },
    ]);
    expect(valuesOf(into, 'SELECT total FROM counter ORDER BY board')).toEqual([5, 2]);
  });
});

describe('R17: faults that memory kept', () => {
  it('come to the file; one that a person closed stays closed, one that is known learns what it lacks', () => {
    const insert = (database: Database, id: number, more: string): void => {
      database.exec(`INSERT INTO fault (id, code, at_us, wall_time, wall_time_trusted, boot_id, evidence, input_ref,
        input_result, closed_at, repeats) VALUES (${id}, 'x', 1, 'w', 1, 'b', '{}', ${more});
        INSERT INTO fault_step (fault_id, step, at_us, detail) VALUES (${id}, 's', 1, '{}')`);
    };
    insert(into, 1, `'kept', NULL, 'closed', 7`);
    insert(from, 1, `NULL, x'09', NULL, 3`);
    insert(from, 2, `'two', NULL, NULL, 0`);
    mergeFaults(from, into);
    mergeFaults(from, into);
    expect(into.prepare('SELECT id, input_ref, input_result, closed_at, repeats FROM fault').all()).toEqual([
      { id: 1, input_ref: 'kept', input_result: Buffer.from([9]), closed_at: 'closed', repeats: 7 },
      { id: 2, input_ref: 'two', input_result: null, closed_at: null, repeats: 0 },
    ]);
    expect(valuesOf(into, 'SELECT fault_id FROM fault_step')).toEqual([1, 2]);
  });
});
