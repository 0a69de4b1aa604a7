import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LedgerRows } from '../../src/pair/result/ledger-rows.js';
import { input, LedgerKit, type TestLedger } from './ledger-kit.js';

let kit: LedgerKit;

beforeEach(() => {
  kit = new LedgerKit();
});
afterEach(() => kit.dispose());

type More = Parameters<LedgerKit['open']>[0];

async function restart(ledger: TestLedger, more: More = {}): Promise<[TestLedger, LedgerRows]> {
  await ledger.close();
  const again = await kit.open(more);
  return [again, await again.ledger.restore()];
}

test.each(['process', 'power'] as const)('R27: a restarted gateway (%s) reads what was written', async (durability) => {
  const ledger = await kit.open({ durability });
  await ledger.accept(1, 2, 3, 4);
  await ledger.commit({ seq: 1 });
  await ledger.commit({ seq: 2 });
  await ledger.ask([
    { type: 'recordDone', board: 'a', seq: 1 },
    { type: 'recordDone', board: 'b', seq: 1 },
    { type: 'recordEmitted', seq: 1 },
    { type: 'finishInput', seq: 1 },
    { type: 'recordDone', board: 'a', seq: 2 },
    { type: 'recordEmitted', seq: 2 },
    { type: 'recordAttempt', board: 'a', session: 1, seq: 3 },
    { type: 'recordAttempt', board: 'a', session: 2, seq: 3 },
    { type: 'recordAttempt', board: 'b', session: 7, seq: 3 },
    { type: 'quarantine', seq: 4 },
    { type: 'recordSession', board: 'a', session: 5, boot: 77 },
    { type: 'recordMemberState', board: 'b', state: 'set-aside' },
    { type: 'recordHealth', board: 'b', exits: [20, 1_234_567_890] },
    { type: 'recordStopped', stopped: true },
    { type: 'keepFact', name: 'unit.a', value: '1' },
    { type: 'keepFact', name: 'unit.a', value: '2' },
    { type: 'openFault', fault: { faultId: 9, code: 'silent', board: 'a', seq: null, atUs: 1, evidence: {} } },
  ]);
  const [, rows] = await restart(ledger, { durability });
  expect(rows).toMatchObject({
    epoch: 1,
    owner: 'a',
    boards: [
      { board: 'a', standing: 'in-sync', session: 5, boot: 77, exits: [] },
      { board: 'b', standing: 'set-aside', session: 0, boot: null, exits: [20, 1_234_567_890] },
    ],
    reservedThroughSeq: 1000,
    pairTimeMs: 40,
    executionCount: 2,
    nextFaultId: 10,
    unfinishedTakeover: null,
    stopped: true,
    hostRestarted: false,
    fresh: false,
    facts: { 'unit.a': '2' },
  });
  expect(rows.inputs).toMatchObject([
    { seq: 2, emitted: true, doneBy: ['a'], commit: { executionCount: 2, observed: [2, -1] } },
    { seq: 3, emitted: false, doneBy: [], commit: null, attemptedBy: ['a', 'b'], quarantined: false },
    { seq: 4, quarantined: true },
  ]);
});

test('R9: an input that both boards are done with, but whose answer is not known to have left, is found at a start', async () => {
  const ledger = await kit.open();
  await ledger.accept(1, 2);
  await ledger.ask([input(3, { kind: 'tick' })]);
  for (const seq of [1, 2, 3]) {
    await ledger.commit({ seq });
    await ledger.ask([
      { type: 'recordDone', board: 'a', seq },
      { type: 'recordDone', board: 'b', seq },
      { type: 'finishInput', seq },
    ]);
  }
  ledger.ledger.submit({ type: 'recordEmitted', seq: 2 });
  const [again, rows] = await restart(ledger);
  expect(rows.inputs.map((row) => [row.seq, row.doneBy])).toEqual([[1, ['a', 'b']]]);
  again.ledger.submit({ type: 'recordEmitted', seq: 1 });
  expect((await restart(again))[1].inputs).toEqual([]);
});

test('R10: a fence without its end is rolled forward by the next start, one with its end is over', async () => {
  const ledger = await kit.open();
  await ledger.accept(1);
  await ledger.fence('a', 'b', 3);
  const [second, rows] = await restart(ledger);
  expect(rows).toMatchObject({
    epoch: 2,
    owner: 'b',
    unfinishedTakeover: { faultId: 3, from: 'a', to: 'b' },
    nextFaultId: 4,
  });
  expect(rows.boards[0]?.standing).toBe('locked-out');
  expect(await second.commit({ seq: 1 })).toBe('locked-out');
  second.ledger.submit({ type: 'recordTakeoverEnded', faultId: 3 });
  expect((await restart(second))[1].unfinishedTakeover).toBeNull();
});

test('R10: the fence is in both files; of two leases the higher epoch wins, whichever file has it', async () => {
  const ledger = await kit.open();
  await ledger.accept(1);
  await ledger.fence('a', 'b');
  await ledger.close();
  const lease = (path: string): unknown =>
    kit.raw(path, (database) => database.prepare('SELECT epoch, owner FROM lease').get());
  expect(lease(kit.path)).toEqual({ epoch: 2, owner: 'b' });
  expect(lease(kit.journalPath())).toEqual({ epoch: 2, owner: 'b' });

  kit.raw(kit.path, (database) => database.exec(`UPDATE lease SET epoch = 7`));
  const again = await kit.open();
  expect(await again.ledger.restore()).toMatchObject({ epoch: 7, owner: 'b' });
  expect(lease(kit.journalPath())).toEqual({ epoch: 7, owner: 'b' });
  expect(await again.commit({ seq: 1, board: 'b', epoch: 7 })).toBe('granted');
  await again.close();

  kit.raw(kit.journalPath(), (database) => database.exec(`UPDATE lease SET epoch = 9`));
  await kit.open();
  expect(lease(kit.path)).toEqual({ epoch: 9, owner: 'b' });
});

test('R27: a host that lost its journal keeps lease, sessions, standings and reserved seqs, and says so', async () => {
  const ledger = await kit.open({ bootId: 'before' });
  await ledger.accept(1, 2);
  await ledger.fence('a', 'b', 3);
  await ledger.ask([{ type: 'recordSession', board: 'b', session: 4, boot: 6 }]);
  await ledger.close();
  rmSync(kit.journalFolder, { recursive: true });

  const again = await kit.open({ bootId: 'after' });
  const rows = await again.ledger.restore();
  expect(rows).toMatchObject({
    epoch: 2,
    owner: 'b',
    inputs: [],
    reservedThroughSeq: 1000,
    unfinishedTakeover: { faultId: 3 },
    hostRestarted: true,
    fresh: false,
  });
  expect(rows.boards).toMatchObject([{ standing: 'locked-out' }, { standing: 'in-sync', session: 4, boot: 6 }]);
  // Pair time never goes backwards: it is reserved ahead on disk.
  expect(rows.pairTimeMs).toBeGreaterThanOrEqual(20);

  // A start that dies before the pair works again has not dealt with it.
  const [third, stillOpen] = await restart(again, { bootId: 'after' });
  expect(stillOpen.hostRestarted).toBe(true);
  await third.ask([{ type: 'reserveSeqs', throughSeq: 1100 }]);
  await third.ask([input(1001)]);
  expect((await restart(third, { bootId: 'after' }))[1].hostRestarted).toBe(false);
});

test('R27: a journal that is gone counts as a host restart, a new boot with the journal at hand too', async () => {
  const ledger = await kit.open({ bootId: 'one' });
  await ledger.accept(1);
  await ledger.close();
  const booted = await kit.open({ bootId: 'two' });
  expect(await booted.ledger.restore()).toMatchObject({ hostRestarted: true, inputs: [{ seq: 1 }] });
  await booted.close();
  rmSync(kit.journalPath());
  expect(await (await kit.open({ bootId: 'two' })).ledger.restore()).toMatchObject({ hostRestarted: true, inputs: [] });
});

test('R27: a recovered input takes its seq from the board, though no file knows the reservation any more', async () => {
  const ledger = await kit.open();
  expect(await ledger.ask([input(5000, { kind: 'recovered', ref: 'recovered:5000' })])).toEqual([
    { type: 'inputRecorded', seq: 5000 },
  ]);
  expect((await restart(ledger))[1].reservedThroughSeq).toBe(5000);
});

test('a ledger keeps its inputs when its durability or its journal folder is changed', async () => {
  const ledger = await kit.open();
  await ledger.accept(1, 2);
  await ledger.commit({ seq: 1 });
  const oldJournal = kit.journalPath();

  const elsewhere = { journalFolder: join(kit.folder, 'elsewhere') };
  const [second, moved] = await restart(ledger, elsewhere);
  expect(moved).toMatchObject({ hostRestarted: false, inputs: [{ seq: 1, commit: { hash: 101 } }, { seq: 2 }] });
  expect(existsSync(oldJournal)).toBe(false);

  const [third, power] = await restart(second, { durability: 'power' });
  expect(power).toMatchObject({ hostRestarted: false, inputs: [{ seq: 1, commit: { hash: 101 } }, { seq: 2 }] });
  expect(await third.commit({ seq: 1, board: 'b', hash: 5 })).toBe('different');
  expect(await third.commit({ seq: 2 })).toBe('granted');

  const [fourth, back] = await restart(third);
  expect(back).toMatchObject({ inputs: [{ seq: 1 }, { seq: 2, commit: { hash: 102 } }] });
  expect(await fourth.commit({ seq: 2, board: 'b', hash: 5 })).toBe('different');
  expect(kit.raw(kit.path, (database) => database.prepare('SELECT count(*) FROM input').pluck().get())).toBe(0);
});

test('a journal that another life of the ledger left behind is set aside, not believed', async () => {
  const ledger = await kit.open();
  await ledger.accept(1);
  await ledger.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(kit.path + suffix, { force: true });
  const again = await kit.open();
  expect(await again.ledger.restore()).toMatchObject({ fresh: true, inputs: [] });
  expect(again.ledger.notes).toHaveLength(1);
  expect(readdirSync(kit.journalFolder).some((name) => name.endsWith('.journal.old-1'))).toBe(true);
});
