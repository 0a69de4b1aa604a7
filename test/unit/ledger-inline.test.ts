import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { InlinePort } from '#built/ledger/client/inline-port.js';
import { isMemoryFolder } from '#built/ledger/files/memory-folder.js';
import { openStore } from '#built/ledger/worker/open-store.js';
import type { FromWorker } from '../../src/ledger/worker/store-messages.js';
import { commit, input, LedgerKit } from './ledger-kit.js';

// The hot journal where the core runs: what it does in memory it does at once, and nobody outside can hold it up there.

let kit: LedgerKit;

beforeEach(() => {
  kit = new LedgerKit();
});
afterEach(() => kit.dispose());

test('a journal in memory answers in the turn in which it was asked, in one transaction', async () => {
  const ledger = await kit.open();
  await ledger.accept(1, 2, 3);
  const before = ledger.answers.length;
  for (const seq of [1, 2, 3]) ledger.ledger.submit(commit({ seq }));
  // Not one turn of the event loop: no thread has had a message by then.
  for (let tick = 0; tick < 5; tick++) await Promise.resolve();
  expect(ledger.answers.slice(before).map((answer) => answer.type)).toEqual(Array(3).fill('commitAnswered'));
});

test('R23, R27: what nobody waits for goes with what is asked next; alone it rests for a moment, and is written', async () => {
  const ledger = await kit.open();
  await ledger.accept(1, 2);
  await ledger.ask([commit({ seq: 1 })]);
  const isEmitted = () =>
    kit.raw(kit.journalPath(), (file) => file.prepare('SELECT emitted FROM input WHERE seq = 1').pluck().get());
  const turns = async (count: number) => {
    for (let tick = 0; tick < count; tick++) await Promise.resolve();
  };
  ledger.ledger.submit({ type: 'recordEmitted', seq: 1 });
  await turns(5);
  expect(isEmitted()).toBe(0);
  ledger.ledger.submit(commit({ seq: 2 }));
  await turns(5);
  expect(isEmitted()).toBe(1);
  // Nothing follows: after a moment it is written all the same.
  expect((await ledger.ask([{ type: 'recordDone', board: 'a', seq: 1 }])).map(({ type }) => type)).toEqual([
    'doneRecorded',
  ]);
});

test('R32: the lock of another program is not waited for: the core goes on, and what it asked is answered in order', async () => {
  const ledger = await kit.open();
  await ledger.accept(1);
  const other = new Sqlite(kit.journalPath());
  other.exec('BEGIN IMMEDIATE');
  const asked = ledger.ask([commit({ seq: 1 }), input(2)]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(ledger.answers.some((answer) => answer.type === 'commitAnswered')).toBe(false);
  other.exec('ROLLBACK');
  other.close();
  expect((await asked).map((answer) => answer.type)).toEqual(['commitAnswered', 'inputRecorded']);
});

test('R32: SQLite never sleeps for a lock in the core’s thread', () => {
  const options = { synchronous: 'off', keepInputs: 10, keepFaults: 10, bootId: 'x' } as const;
  const waitsMs = (isInline: boolean): unknown => {
    const { store } = openStore({ ...options, path: join(kit.folder, `inline-${isInline}`), isInline });
    const found = store.database.pragma('busy_timeout', { simple: true });
    store.close();
    return found;
  };
  expect(waitsMs(true)).toBe(0);
  expect(waitsMs(false)).toBe(250);
});

test('R32: a reader that never ends its read holds nobody up', async () => {
  const ledger = await kit.open();
  await ledger.accept(1);
  const reader = new Sqlite(kit.journalPath(), { readonly: true });
  reader.exec('BEGIN');
  expect(reader.prepare('SELECT count(*) FROM input').pluck().get()).toBe(1);
  for (let seq = 2; seq <= 400; seq++) await ledger.ask([input(seq), commit({ seq })]);
  expect(reader.prepare('SELECT count(*) FROM input').pluck().get()).toBe(1);
  reader.exec('COMMIT');
  expect(reader.prepare('SELECT count(*) FROM input').pluck().get()).toBe(400);
  reader.close();
});

test('only folders in memory count as such', () => {
  expect(isMemoryFolder('/dev/shm')).toBe(true);
  expect(isMemoryFolder('/proc')).toBe(false);
});

test('answers keep the order of the questions, also of those that an answer leads to', () => {
  const folder = mkdtempSync('/dev/shm/copycat-inline-');
  const path = join(folder, 'journal');
  const port = InlinePort.open({
    path,
    synchronous: 'off',
    keepInputs: 10,
    keepFaults: 10,
    bootId: 'x',
    isInline: true,
  });
  const heard: string[] = [];
  let isHearing = false;
  port.listen(
    (message: FromWorker) => {
      expect(isHearing).toBe(false);
      isHearing = true;
      heard.push(message.type);
      if (message.type === 'fileChecked') port.post({ type: 'close' });
      isHearing = false;
    },
    (why) => heard.push(why),
  );
  port.post({ type: 'checkFile' });
  // Closed: nothing is written and nothing is heard any more.
  port.post({ type: 'checkFile' });
  expect(heard).toEqual(['fileChecked', 'closed']);
  rmSync(folder, { recursive: true });
});
