import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { journalPathOf } from '#built/ledger/files/journal-path.js';
import { openLedgerReader } from '#built/ledger/reader/reader.js';
import { CONSTRAINTS_1, SCHEMA_1 } from '#built/ledger/schema/schema-1.js';
import { openStore } from '#built/ledger/worker/open-store.js';
import { bytes, input, LedgerKit } from './ledger-kit.js';

let kit: LedgerKit;

beforeEach(() => {
  kit = new LedgerKit();
});
afterEach(() => kit.dispose());

const PAGE_BYTES = 4096;
const RESULT = `x'00020000000102'`;
const ROWS = `
  INSERT INTO board (board, standing, session, boot, revision) VALUES ('a', 'locked-out', 4, 44, 3), ('b', 'in-sync', 6, 66, 2);
  INSERT INTO lease VALUES (1, 2, 'b');
  INSERT INTO takeover VALUES (5, 'a', 'b', 2, 0);
  INSERT INTO counter VALUES ('probes', 'a', 9);`;
const INPUTS = `
  UPDATE pair SET carrying = 1;
  INSERT INTO input (seq, ref, kind, pair_time_ms, payload, commit_board, commit_epoch, commit_hash, execution_count,
    digest, result, observed, emitted, done_by, finished) VALUES
    (1, 'tcp:1', 'input', 10, x'01', 'a', 1, 101, 1, 7, ${RESULT}, '[1]', 1, 'a,b', 1),
    (2, 'tcp:2', 'input', 20, x'02', 'a', 1, 102, 2, 7, ${RESULT}, '[2]', 0, 'a', 0);
  INSERT INTO input (seq, ref, kind, pair_time_ms, payload, quarantined) VALUES (3, 'tcp:3', 'input', 30, x'03', 1);
  INSERT INTO attempt VALUES (3, 'a', 4), (3, 'b', 6);
  UPDATE pair SET carrying = 0;`;

/** A file as the first version left it. */
function makeSchema1(path: string, rows: string): void {
  const database = new Sqlite(path);
  database.pragma('journal_mode = WAL');
  database.exec(SCHEMA_1 + CONSTRAINTS_1);
  database.pragma(`application_id = ${0x43707943}`);
  database.pragma('user_version = 1');
  database.exec(
    `INSERT INTO pair (id, boot_id, reserved_through_seq, pair_time_ms, execution_count) VALUES (1, 'boot', 100, 30, 2)`,
  );
  database.exec(rows);
  database.close();
}

function makeLedger(durability: 'process' | 'power'): void {
  mkdirSync(kit.journalFolder, { recursive: true });
  if (durability === 'power') return makeSchema1(kit.path, ROWS + INPUTS);
  const journal = journalPathOf(kit.path, kit.journalFolder);
  const settings = `INSERT INTO setting VALUES ('journal', '${journal}'), ('journalId', 'one')`;
  makeSchema1(kit.path, `${ROWS}; ${settings}`);
  makeSchema1(journal, `${ROWS} ${INPUTS} ${settings}`);
}

test.each(['process', 'power'] as const)(
  'a ledger of schema 1 (%s) is brought up to date where it lies',
  async (durability) => {
    makeLedger(durability);
    const ledger = await kit.open({ durability, bootId: 'boot' });
    expect(ledger.ledger.notes).toEqual([]);
    const rows = await ledger.ledger.restore();
    expect(rows).toMatchObject({
      epoch: 2,
      owner: 'b',
      boards: [
        { board: 'a', standing: 'locked-out', session: 4, boot: 44, exits: [] },
        { board: 'b', standing: 'in-sync', session: 6, boot: 66 },
      ],
      executionCount: 2,
      unfinishedTakeover: { faultId: 5, from: 'a', to: 'b', planned: false, reason: null },
      hostRestarted: false,
      fresh: false,
    });
    expect(rows.inputs).toMatchObject([
      { seq: 2, commit: { board: 'a', hash: 102, executionCount: 2 }, doneBy: ['a'] },
      { seq: 3, commit: null, quarantined: true, attemptedBy: ['a', 'b'] },
    ]);

    // What only later schemas know works on the same file.
    ledger.ledger.submit({ type: 'dropInput', seq: 3 });
    ledger.ledger.submit({ type: 'recordMemberState', board: 'a', state: 'kept-out' });
    ledger.ledger.submit({ type: 'recordHealth', board: 'a', exits: [7] });
    expect(await ledger.commit({ seq: 2, board: 'a', hash: 102 })).toBe('locked-out');
    expect(await ledger.commit({ seq: 2, board: 'b', hash: 102 })).toBe('granted');
    expect(await ledger.ask([{ type: 'recordDone', board: 'b', seq: 2 }, input(50)])).toHaveLength(2);
    await ledger.close();
    const version = kit.raw(kit.path, (database) => database.pragma('user_version', { simple: true }));
    expect(version).toBe(5);
  },
);

test('R25: what schema 1 committed is no history: it may be of several lines of execution', async () => {
  makeLedger('power');
  const ledger = await kit.open({ durability: 'power', bootId: 'boot' });
  expect(await ledger.ask([{ type: 'readHistory', board: 'a', after: 0, limit: 9 }])).toEqual([
    { type: 'historyRead', board: 'a', after: 0, inputs: null },
  ]);
});

test('the reader reads a ledger of schema 1 that no gateway has opened since', () => {
  makeLedger('process');
  const reader = openLedgerReader(kit.path);
  expect(reader.readInputs().map(({ seq, state }) => [seq, state])).toEqual([
    [3, 'quarantined'],
    [2, 'pending'],
    [1, 'finished'],
  ]);
  expect(reader.readInputs({ state: 'dropped' })).toEqual([]);
  expect(reader.readInput(3)).toMatchObject({
    payload: bytes(3),
    attempts: [
      { board: 'a', session: 4 },
      { board: 'b', session: 6 },
    ],
    dropped: false,
  });
  reader.close();
});

test('a damaged file of schema 1 is salvaged into one of schema 2', () => {
  const path = `${kit.folder}/store`;
  makeSchema1(path, ROWS + INPUTS);
  // The tree of `counter` cannot be what it says: found at the start, and all else can be read.
  const page = kit.raw(path, (database) =>
    database.prepare(`SELECT rootpage FROM sqlite_schema WHERE name = 'counter'`).pluck().get(),
  ) as number;
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(PAGE_BYTES, 0xa5), 0, PAGE_BYTES, (page - 1) * PAGE_BYTES);
  closeSync(file);
  const { snapshot, notes, store } = openStore({
    path,
    synchronous: 'off',
    keepInputs: 9,
    keepFaults: 9,
    bootId: 'boot',
  });
  store.close();
  expect(notes).toEqual([expect.stringMatching(/was damaged.*rows are lost from: counter/)]);
  expect(snapshot).toMatchObject({ lease: { epoch: 2, owner: 'b' }, executionCount: 2, line: 1 });
  expect(snapshot.inputs.map((row) => row.seq)).toEqual([2, 3]);
});
