import { closeSync, existsSync, openSync, readdirSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLedgerReader } from '#built/ledger/reader/reader.js';
import { openStore } from '#built/ledger/worker/open-store.js';
import type { LedgerHealth } from '../../src/ledger/ledger.js';
import { commit, input, LedgerKit, type TestLedger } from './ledger-kit.js';

let kit: LedgerKit;

beforeEach(() => {
  kit = new LedgerKit();
});
afterEach(() => kit.dispose());

/** Holds a file's write lock: for whoever else writes there, the storage has stopped. */
function hold(path: string): () => void {
  const holder = new Sqlite(path);
  holder.exec('BEGIN IMMEDIATE');
  return () => {
    holder.exec('ROLLBACK');
    holder.close();
  };
}

function health(ledger: TestLedger, wanted: (health: LedgerHealth) => boolean): Promise<LedgerHealth> {
  return new Promise((resolve) => {
    const subscription = ledger.ledger.health.subscribe((next) => {
      if (!wanted(next)) return;
      resolve(next);
      queueMicrotask(() => subscription.unsubscribe());
    });
  });
}

test('R10, R17: while the disk stands still, inputs, commits and the fence are answered', async () => {
  const ledger = await kit.open();
  await ledger.accept(1, 2);
  const release = hold(kit.path);
  ledger.ledger.submit({ type: 'reserveSeqs', throughSeq: 2000 });
  ledger.ledger.submit({
    type: 'openFault',
    fault: { faultId: 1, code: 'silent', board: 'a', seq: 1, atUs: 1, evidence: {} },
  });
  expect(await ledger.ask([input(3)])).toMatchObject([{ type: 'inputRecorded' }]);
  expect(await ledger.commit({ seq: 1 })).toBe('granted');
  expect((await ledger.fence('a', 'b')).inputs.map((row) => row.seq)).toEqual([1, 2, 3]);
  expect(await ledger.commit({ seq: 2, board: 'b', epoch: 2 })).toBe('granted');
  expect((await health(ledger, ({ trouble }) => trouble !== null)).trouble).toContain('SQLITE_BUSY');

  release();
  await health(ledger, ({ trouble, waiting }) => trouble === null && waiting === 0);
  expect(ledger.answers.at(-1)).toEqual({ type: 'seqsReserved', throughSeq: 2000 });
  const lease = kit.raw(kit.path, (database) => database.prepare('SELECT epoch, owner FROM lease').get());
  expect(lease).toEqual({ epoch: 2, owner: 'b' });
  const reader = openLedgerReader(kit.path);
  expect(reader.showFault(1).input?.ref).toBe('tcp:1');
  reader.close();
});

test('R17: trouble in the hot file is told, loses nothing and keeps the order', async () => {
  const ledger = await kit.open();
  await ledger.accept(1, 2);
  const release = hold(kit.journalPath());
  const answers = ledger.ask([commit({ seq: 1 }), commit({ seq: 2 }), input(3)]);
  expect((await health(ledger, ({ trouble }) => trouble !== null)).waiting).toBe(3);
  ledger.ledger.submit({ type: 'recordDone', board: 'a', seq: 1 });
  release();
  await answers;
  await health(ledger, ({ trouble, waiting }) => trouble === null && waiting === 0);
  const answered = ledger.answers.slice(-4).map((answer) => answer.type);
  expect(answered).toEqual(['commitAnswered', 'commitAnswered', 'inputRecorded', 'doneRecorded']);
});

test('a full file undoes the whole batch, and takes it when there is room', () => {
  const path = join(kit.folder, 'store');
  const { store } = openStore({ path, synchronous: 'off', keepInputs: 10, keepFaults: 10, bootId: 'x' });
  const limit = (pages: number): void => {
    // The bound belongs to a connection, so it is set on the store's own.
    (store as unknown as { database: Sqlite.Database }).database.pragma(`max_page_count = ${pages}`);
  };
  const record = (seq: number, size: number): Parameters<typeof store.write>[0][number] => {
    return { type: 'recordInput', seq, ref: `${seq}`, kind: 'tick', pairTimeMs: 0, payload: new Uint8Array(size) };
  };
  limit(1);
  expect(store.write([record(1, 10), record(2, 200_000)])).toMatchObject({ type: 'failed', code: 'SQLITE_FULL' });
  limit(1_000_000);
  expect(store.write([record(3, 10)])).toMatchObject({ type: 'written', refusals: [] });
  store.close();
  expect(kit.raw(path, (database) => database.prepare('SELECT seq FROM input').pluck().all())).toEqual([3]);
});

test('a second gateway on the same ledger is refused, and told who has it', async () => {
  const ledger = await kit.open();
  await expect(kit.open()).rejects.toMatchObject({
    code: 'LEDGER_LOCKED',
    message: expect.stringContaining(`process ${process.pid}`) as string,
  });
  await ledger.accept(1);
  await ledger.close();
  await expect(kit.open()).resolves.toBeDefined();
});

/** Overwrites a stretch of the file, given in parts of its length. */
function damage(path: string, from: number, to: number): void {
  const size = statSync(path).size;
  const file = openSync(path, 'r+');
  const start = Math.floor(size * from);
  writeSync(file, Buffer.alloc(Math.floor(size * to) - start, 0xa5), 0, undefined, start);
  closeSync(file);
}

async function fillFaults(count: number): Promise<void> {
  const ledger = await kit.open({ keepFaults: 10_000 });
  for (let id = 1; id <= count; id++) {
    const evidence = { text: 'x'.repeat(200) };
    ledger.ledger.submit({
      type: 'openFault',
      fault: { faultId: id, code: 'failed', board: 'a', seq: null, atUs: id * 20_000_000, evidence },
    });
  }
  await ledger.ask([{ type: 'reserveSeqs', throughSeq: 300 }]);
  await ledger.close();
}

test('a disk file whose middle is overwritten is salvaged: what can be read goes on, the damaged file is kept', async () => {
  await fillFaults(1000);
  // The journal has the faults of its own run; those of the run before are in the disk's file alone.
  await (await kit.open({ keepFaults: 10_000 })).close();
  damage(kit.path, 0.5, 0.6);
  const ledger = await kit.open({ keepFaults: 10_000 });
  expect(ledger.ledger.notes).toEqual([
    expect.stringMatching(/was damaged.*\.damaged-1; \d+ rows could be read, rows are lost from: .*fault/),
  ]);
  expect(existsSync(`${kit.path}.damaged-1`)).toBe(true);
  expect(await ledger.ledger.restore()).toMatchObject({
    fresh: false,
    owner: 'a',
    reservedThroughSeq: 300,
    nextFaultId: 1001,
  });
  await ledger.close();
  const reader = openLedgerReader(kit.path);
  const ids = reader.listFaults().map(({ id }) => id);
  reader.close();
  expect(ids).toContain(1);
  expect(ids).toContain(1000);
  expect(ids.length).toBeGreaterThan(600);
  expect(ids.length).toBeLessThan(1000);
});

test('faults of the last run that a damaged disk file has lost come back from the journal', async () => {
  await fillFaults(1000);
  damage(kit.path, 0.5, 0.6);
  await (await kit.open({ keepFaults: 10_000 })).close();
  const reader = openLedgerReader(kit.path);
  expect(reader.listFaults().map(({ id }) => id)).toEqual(Array.from({ length: 1000 }, (_, index) => 1000 - index));
  reader.close();
});

test('a disk file of which nothing can be read is replaced; lease and inputs come from the journal', async () => {
  const ledger = await kit.open();
  await ledger.accept(1);
  await ledger.fence('a', 'b');
  await ledger.close();
  writeFileSync(kit.path, Buffer.alloc(40_000, 7));
  const again = await kit.open();
  expect(again.ledger.notes).toEqual([expect.stringContaining('nothing of it could be read')]);
  expect(await again.ledger.restore()).toMatchObject({
    fresh: false,
    epoch: 2,
    owner: 'b',
    inputs: [{ seq: 1 }],
    reservedThroughSeq: 1000,
  });
});

test('a damaged journal is salvaged, and R8 holds for what was read of it', async () => {
  const ledger = await kit.open();
  await ledger.accept(...Array.from({ length: 1000 }, (_, index) => index + 1));
  await ledger.ask(Array.from({ length: 1000 }, (_, index) => commit({ seq: index + 1 })));
  await ledger.close();
  damage(kit.journalPath(), 0.55, 0.6);
  const again = await kit.open();
  const { inputs } = await again.ledger.restore();
  expect(again.ledger.notes).toHaveLength(1);
  expect(inputs.length).toBeGreaterThan(500);
  expect(inputs.length).toBeLessThan(1000);
  expect(inputs.every((row) => row.commit?.hash === 100 + row.seq)).toBe(true);
  expect(await again.commit({ seq: inputs[0]?.seq ?? 0, board: 'b', hash: 1 })).toBe('different');
  expect(readdirSync(kit.journalFolder).some((name) => name.endsWith('.journal.damaged-1'))).toBe(true);
});

test('a newer ledger and the database of another program are left alone', async () => {
  await (await kit.open()).close();
  kit.raw(kit.path, (database) => database.exec('CREATE TABLE later (x); PRAGMA user_version = 99'));
  await expect(kit.open()).rejects.toMatchObject({
    code: 'LEDGER_UNAVAILABLE',
    message: expect.stringContaining('newer') as string,
  });
  expect(() => openLedgerReader(kit.path)).toThrow(expect.objectContaining({ code: 'LEDGER_UNAVAILABLE' }));
  const path = join(kit.folder, 'theirs.db');
  kit.raw(path, (database) => database.exec('CREATE TABLE theirs (x)'));
  await expect(kit.open({ path })).rejects.toMatchObject({
    code: 'LEDGER_UNAVAILABLE',
    message: expect.stringContaining('another program') as string,
  });
});

test('a ledger of another pair, a name that cannot be kept and a place that cannot be written are refused', async () => {
  await (await kit.open()).close();
  await expect(kit.open({ boards: ['a', 'c'] })).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE', value: 'b' });
  await expect(kit.open({ boards: ['a', 'b,c'] })).rejects.toMatchObject({ code: 'CONFIG_INVALID', value: 'b,c' });
  const path = join(kit.path, 'below', 'a', 'file');
  await expect(kit.open({ path })).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
});
