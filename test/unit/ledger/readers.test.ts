import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LedgerReader, openLedgerReader } from '../../../src/ledger/reader/reader.js';
import { FaultTable } from '../../../src/ledger/worker/tables/fault-table.js';
import { InputTable } from '../../../src/ledger/worker/tables/input-table.js';
import { bytes, commit, input, newStore } from './store-kit.js';

let folder: string;
let path: string;
let database: Database;
const toClose: (() => void)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-reader-'));
  path = join(folder, 'pair.ledger');
  database = fileOf(path);
});
afterEach(() => {
  for (const close of toClose.splice(0).reverse()) close();
  rmSync(folder, { recursive: true });
});

/** A ledger's file as a start leaves it; closed after the test. */
function fileOf(at: string): Database {
  const memory = newStore();
  writeFileSync(at, memory.serialize());
  memory.close();
  const file = new Sqlite(at);
  file.pragma('synchronous = off');
  toClose.push(() => file.close());
  return file;
}

function reader(): LedgerReader {
  const opened = openLedgerReader(path, () => Date.UTC(2026, 0, 2));
  toClose.push(() => opened.close());
  return opened;
}

function openFault(
  faults: FaultTable,
  faultId: number,
  more: { code?: string; board?: string | null; seq?: number; evidence?: string; closedAt?: string } = {},
) {
  const { code = 'silent', board = 'a', seq = null, evidence = '{"missed":3}', closedAt } = more;
  faults.open({
    ...{ type: 'openFault', faultId, code, board, seq, atUs: faultId * 10, evidence },
    ...(closedAt === undefined ? {} : { closedAt }),
    ...{ wallTime: `2026-01-01T00:00:${String(faultId % 60).padStart(2, '0')}.000Z`, wallTimeTrusted: faultId !== 2 },
  });
}

describe('faults as they are read', () => {
  it('R6: are whole, with their steps in order and their input', () => {
    const faults = new FaultTable(database, 100, 'boot');
    openFault(faults, 1, { seq: 7 });
    for (const step of ['told', 'fenced'])
      faults.note({ type: 'noteFault', faultId: 1, step, atUs: 5, detail: '{"x":1}' });
    faults.keepInput({ seq: 7, ref: 'tcp:7', kind: 'input', payload: bytes(5), result: bytes(0, 1, 0, 0, 0, 9) });
    openFault(faults, 2, { board: null, seq: 8 });
    expect(reader().showFault(1)).toEqual({
      ...{ id: 1, code: 'silent', board: 'a', seq: 7, atUs: 10, wallTime: '2026-01-01T00:00:01.000Z' },
      ...{ wallTimeTrusted: true, bootId: 'boot', evidence: { missed: 3 }, closedAt: null, repeats: 0 },
      timeline: [
        { step: 'told', atUs: 5, detail: { x: 1 } },
        { step: 'fenced', atUs: 5, detail: { x: 1 } },
      ],
      input: { ref: 'tcp:7', kind: 'input', payload: bytes(5), result: [bytes(9)] },
    });
    expect(reader().showFault(2)).toMatchObject({ board: null, input: null, wallTimeTrusted: false, timeline: [] });
  });

  it.each(['input_ref', 'input_kind', 'input_payload'])('have no input where %s is missing', (column) => {
    const faults = new FaultTable(database, 100, 'boot');
    openFault(faults, 1, { seq: 7 });
    faults.keepInput({ seq: 7, ref: 'tcp:7', kind: 'input', payload: bytes(5), result: null });
    expect(reader().showFault(1).input).toMatchObject({ result: null });
    database.exec(`UPDATE fault SET ${column} = NULL`);
    expect(reader().showFault(1).input).toBeNull();
  });

  it('are listed newest first, exported oldest first, read in pages, and only so many', () => {
    const faults = new FaultTable(database, 1000, 'boot');
    for (let id = 0; id <= 250; id++) openFault(faults, id);
    const ids = (list: Iterable<{ id: number }>) => [...list].map(({ id }) => id);
    expect(ids(reader().listFaults())).toEqual(Array.from({ length: 251 }, (_, index) => 250 - index));
    expect(ids(reader().exportFaults())).toEqual(Array.from({ length: 251 }, (_, index) => index));
    expect(ids(reader().listFaults({ limit: 150 }))).toEqual(Array.from({ length: 150 }, (_, index) => 250 - index));
    expect(ids(reader().listFaults({ limit: 3 }))).toEqual([250, 249, 248]);
    expect(ids(reader().listFaults({ limit: 0 }))).toEqual([]);
  });

  it('are closed by a person, once, and are then no more among the open ones', () => {
    const faults = new FaultTable(database, 100, 'boot');
    for (const id of [1, 2, 3]) openFault(faults, id);
    const closedAt = '2026-01-02T00:00:00.000Z';
    expect(reader().closeFault(2)).toMatchObject({ id: 2, closedAt });
    const later = openLedgerReader(path, () => Date.UTC(2027, 0, 1));
    toClose.push(() => later.close());
    expect(later.closeFault(2).closedAt).toBe(closedAt);
    expect(later.listFaults({ open: true }).map(({ id }) => id)).toEqual([3, 1]);
    expect(later.listFaults({ open: false }).map(({ id }) => id)).toEqual([2]);
    expect(later.listFaults()).toHaveLength(3);
  });

  it('are closed through a connection of its own, which does not stay open', () => {
    const faults = new FaultTable(database, 100, 'boot');
    for (let id = 1; id <= 30; id++) openFault(faults, id);
    const opened = reader();
    opened.closeFault(1);
    const open = (): number => readdirSync('/proc/self/fd').length;
    const before = open();
    for (let id = 2; id <= 30; id++) opened.closeFault(id);
    expect(open()).toBeLessThan(before + 20);
  });

  it('are read no more once the reader is closed, and not closed in a file that was removed, which is not made anew', () => {
    openFault(new FaultTable(database, 100, 'boot'), 1);
    const opened = reader();
    rmSync(path);
    expect(() => opened.closeFault(1)).toThrow(
      expect.objectContaining({
        code: 'LEDGER_UNAVAILABLE',
        value: path,
        message: expect.stringContaining('cannot be read'),
      }),
    );
    expect(existsSync(path)).toBe(false);
    opened.close();
    expect(() => opened.listFaults()).toThrow('not open');
  });

  it('that are not there are said with those that are', () => {
    expect(() => reader().showFault(1)).toThrow(
      expect.objectContaining({ code: 'USAGE', value: 1, message: expect.stringMatching(/: it has no faults$/) }),
    );
    const faults = new FaultTable(database, 100, 'boot');
    for (const id of [4, 6]) openFault(faults, id);
    expect(() => reader().closeFault(5)).toThrow(
      expect.objectContaining({ message: `there is no fault 5 in ${path}: its faults are 4 to 6` }),
    );
  });
});

describe('inputs as a person looks at them', () => {
  function filled(): void {
    const table = new InputTable(database, 100);
    for (const seq of [1, 2, 3, 4]) table.record(input(seq));
    table.record(input(5, { kind: 'probe' }));
    table.commit(commit(1));
    table.recordDone('a', 1);
    table.recordDone('b', 1);
    table.recordEmitted(1);
    table.finish(1);
    for (const seq of [3, 4]) {
      table.recordAttempt(seq, 'b', 2);
      table.recordAttempt(seq, 'a', 1);
      table.quarantine(seq);
    }
    table.drop(4);
  }

  it('are whole, newest first, without probes', () => {
    filled();
    const all = reader().readInputs();
    expect(all.map(({ seq, state }) => [seq, state])).toEqual([
      [4, 'dropped'],
      [3, 'quarantined'],
      [2, 'pending'],
      [1, 'finished'],
    ]);
    expect(all[3]).toEqual({
      ...{ seq: 1, ref: 'tcp:1', kind: 'input', state: 'finished', pairTimeMs: 1, payload: bytes(1) },
      ...{ doneBy: ['a', 'b'], readBacks: [], attempts: [], emitted: true, quarantined: false, dropped: false },
      commit: {
        ...{ board: 'a', epoch: 1, hash: 101, executionCount: 1, digest: 7, observed: [1] },
        parts: [{ rejected: false, body: bytes(1) }],
      },
    });
    expect(all[1]).toMatchObject({
      attempts: [
        { board: 'a', session: 1 },
        { board: 'b', session: 2 },
      ],
      ...{ commit: null, doneBy: [], emitted: false, quarantined: true, dropped: false },
    });
    expect(all[0]).toMatchObject({ quarantined: true, dropped: true });
  });

  it('are chosen by their state, and only so many', () => {
    filled();
    const seqs = (filter: Parameters<LedgerReader['readInputs']>[0]) =>
      reader()
        .readInputs(filter)
        .map(({ seq }) => seq);
    expect(seqs({ state: 'pending' })).toEqual([2]);
    expect(seqs({ state: 'quarantined' })).toEqual([3]);
    expect(seqs({ state: 'dropped' })).toEqual([4]);
    expect(seqs({ state: 'all', limit: 2 })).toEqual([4, 3]);
  });

  it('are shown one by one, and one that is not there is said with those that are', () => {
    expect(() => reader().readInput(1)).toThrow(
      expect.objectContaining({ code: 'USAGE', value: 1, message: 'the ledger has no input 1: it has no inputs' }),
    );
    filled();
    expect(reader().readInput(2)).toMatchObject({ seq: 2, state: 'pending' });
    expect(() => reader().readInput(9)).toThrow(
      expect.objectContaining({ message: expect.stringContaining('no input 9: it has 1 to 5;') }),
    );
  });

  it('R17: are in the journal where the ledger names one', () => {
    const journalPath = join(folder, 'hot.journal');
    new InputTable(fileOf(journalPath), 100).record(input(77));
    database.prepare(`INSERT INTO setting VALUES ('journal', ?)`).run(journalPath);
    expect(
      reader()
        .readInputs()
        .map(({ seq }) => seq),
    ).toEqual([77]);
    expect(reader().stats().inputs).toEqual({ unfinished: 1, finished: 0, rejected: 0 });
    expect(reader().readInput(77).ref).toBe('tcp:77');
  });

  it('R27: are gone with a journal that is gone, and unreadable with one that is', () => {
    const journalPath = join(folder, 'hot.journal');
    database.prepare(`INSERT INTO setting VALUES ('journal', ?)`).run(journalPath);
    database.exec(`INSERT INTO counter VALUES ('c', '', 4), ('c', 'a', 5)`);
    expect(() => reader().readInputs()).toThrow(
      expect.objectContaining({
        code: 'LEDGER_UNAVAILABLE',
        value: journalPath,
        message: expect.stringContaining('which is gone'),
      }),
    );
    expect(reader().stats()).toMatchObject({ inputs: null, counters: { c: 4, 'c a': 5 } });
    writeFileSync(journalPath, 'this is no database, and longer than a header of one has to be'.repeat(20));
    expect(() => reader().readInputs()).toThrow(
      expect.objectContaining({
        value: journalPath,
        message: expect.stringContaining('cannot be read: file is not a database'),
      }),
    );
    expect(reader().stats()).toMatchObject({ inputs: null, counters: { c: 4, 'c a': 5 } });
  });

  it('whose folder may not be looked into are not said to be gone', () => {
    // A name below a file: not even root is told whether something is there.
    database.prepare(`INSERT INTO setting VALUES ('journal', ?)`).run(join(path, 'hot.journal'));
    expect(() => reader().readInputs()).toThrow(
      expect.objectContaining({ message: expect.stringContaining('cannot be read') }),
    );
  });
});

describe('the ledger in figures', () => {
  it('of a file that is new', () => {
    database.exec(`DROP TRIGGER lease_stays; DELETE FROM lease; DELETE FROM board`);
    expect(reader().stats()).toEqual({
      ...{ durability: 'unknown', epoch: 0, owner: '', boards: [], faults: 0, openFaults: 0, byCode: [], takeovers: 0 },
      ...{ events: 0, switchovers: 0 },
      ...{ inputs: { unfinished: 0, finished: 0, rejected: 0 }, counters: {} },
    });
    expect(reader().fields()).toBeNull();
  });

  it('counts faults by code and board, most frequent first, with those that were not written', () => {
    const faults = new FaultTable(database, 100, 'boot');
    for (const id of [1, 2]) openFault(faults, id);
    openFault(faults, 3, { code: 'crashed', board: 'b' });
    faults.addRepeats(3, 5);
    reader().closeFault(1);
    database.exec(`INSERT INTO setting VALUES ('durability', 'power'), ('fields', '{"input":[],"result":[]}');
      INSERT INTO takeover (fault_id, from_board, to_board, epoch) VALUES (3, 'a', 'b', 2)`);
    const table = new InputTable(database, 100);
    table.record(input(1));
    table.record(input(2, { kind: 'probe' }));
    expect(reader().stats()).toEqual({
      ...{ durability: 'power', epoch: 1, owner: 'a', faults: 3, openFaults: 2, takeovers: 1, counters: {} },
      ...{ events: 0, switchovers: 0 },
      boards: [
        { board: 'a', standing: 'in-sync', session: 0 },
        { board: 'b', standing: 'in-sync', session: 0 },
      ],
      byCode: [
        {
          code: 'crashed',
          board: 'b',
          count: 6,
          repeats: 5,
          open: 1,
          event: false,
          lastWallTime: '2026-01-01T00:00:03.000Z',
        },
        {
          code: 'silent',
          board: 'a',
          count: 2,
          repeats: 0,
          open: 1,
          event: false,
          lastWallTime: '2026-01-01T00:00:02.000Z',
        },
      ],
      inputs: { unfinished: 1, finished: 0, rejected: 0 },
    });
    expect(reader().fields()).toEqual({ input: [], result: [] });
  });
});

describe('R26: events', () => {
  /** 1, 4 and 6 are faults; 2, 3, 5 and 7 are planned. An older version has left 2 open. */
  function keepBoth(): void {
    const faults = new FaultTable(database, 100, 'boot');
    const closedAt = '2026-01-01T00:00:00.000Z';
    openFault(faults, 1);
    openFault(faults, 2, { code: 'switched-over', board: null });
    openFault(faults, 3, { code: 'switched-over', board: null, closedAt });
    openFault(faults, 4, { code: 'gateway-restarted', board: null });
    openFault(faults, 5, { code: 'gateway-restarted', board: null, evidence: '{"planned":true}', closedAt });
    openFault(faults, 6, { board: 'b' });
    openFault(faults, 7, { code: 'updating', closedAt });
  }

  it('are neither open nor closed faults, and are listed beside them or alone', () => {
    keepBoth();
    const ids = (filter: Parameters<LedgerReader['listFaults']>[0]): number[] =>
      reader()
        .listFaults(filter)
        .map(({ id }) => id);
    expect(ids({})).toEqual([7, 6, 5, 4, 3, 2, 1]);
    expect(ids({ open: true })).toEqual([6, 4, 1]);
    expect(ids({ open: false })).toEqual([]);
    expect(ids({ open: true, events: 'with' })).toEqual([7, 6, 5, 4, 3, 2, 1]);
    expect(ids({ events: 'only' })).toEqual([7, 5, 3, 2]);
    expect(ids({ events: 'without' })).toEqual([6, 4, 1]);
    expect(ids({ events: 'only', limit: 2 })).toEqual([7, 5]);
    expect(ids({ board: 'a' })).toEqual([7, 1]);
    expect(ids({ since: '2026-01-01T00:00:05.000Z' })).toEqual([7, 6, 5]);
    expect(reader().showFault(2).closedAt).not.toBeNull();
    expect(reader().closeFault(2).closedAt).toBe('2026-01-01T00:00:02.000Z');
    expect(reader().showFault(4).closedAt).toBeNull();
  });

  it('are counted as no fault; takeovers are those that locked a board out; the last is the one with the highest number', () => {
    keepBoth();
    const faults = new FaultTable(database, 100, 'boot');
    // The clock was set back.
    faults.open({
      ...{ type: 'openFault', faultId: 8, code: 'silent', board: 'a', seq: null, atUs: 1, evidence: '{}' },
      ...{ wallTime: '1970-01-01T00:00:00.000Z', wallTimeTrusted: false },
    });
    openFault(faults, 9, { code: 'switchover-failed', board: null });
    database.exec(`INSERT INTO takeover (fault_id, from_board, to_board, epoch, planned) VALUES
      (1, 'a', 'b', 2, 0), (2, 'b', 'a', 3, 1), (3, 'a', 'b', 4, 1), (9, 'b', 'a', 5, 1)`);
    const stats = reader().stats();
    expect(stats).toMatchObject({ faults: 5, openFaults: 5, events: 4, takeovers: 1, switchovers: 2 });
    const tally = (code: string, event: boolean) =>
      stats.byCode.find((one) => one.code === code && one.event === event && one.board !== 'b');
    expect(tally('silent', false)).toMatchObject({ count: 2, lastWallTime: '1970-01-01T00:00:00.000Z' });
    expect(tally('switched-over', true)).toMatchObject({ count: 2, open: 0 });
    expect(tally('gateway-restarted', true)).toMatchObject({ count: 1, open: 0 });
    expect(tally('gateway-restarted', false)).toMatchObject({ count: 1, open: 1 });
  });
});

describe('what is no ledger', () => {
  it('is said with what to do: not there, no database, damaged, another program’s', () => {
    const refusal = (at: string): unknown => {
      try {
        openLedgerReader(at).close();
        return null;
      } catch (error) {
        return error;
      }
    };
    const nothing = join(folder, 'nothing');
    expect(refusal(nothing)).toMatchObject({
      ...{ code: 'LEDGER_UNAVAILABLE', value: nothing, message: expect.stringContaining('There is no ledger at') },
    });
    const text = join(folder, 'text');
    writeFileSync(text, 'Dear reader, '.repeat(100));
    expect(refusal(text)).toMatchObject({
      ...{ code: 'LEDGER_UNAVAILABLE', expected: 'a readable ledger', cause: expect.any(Error) },
      message: expect.stringContaining('cannot be read: file is not a database'),
    });
    const foreign = join(folder, 'foreign');
    const other = new Sqlite(foreign);
    other.exec('CREATE TABLE t (x)');
    other.close();
    expect(refusal(foreign)).toMatchObject({ message: expect.stringContaining('is the database of another program') });
    database.exec('DROP TABLE fault');
    expect(refusal(path)).toMatchObject({ message: expect.stringContaining('no such table: fault') });
  });
});
