import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LedgerReader, openLedgerReader } from '#built/ledger/reader/reader.js';
import { bytes, commit, committed, input, LedgerKit, type TestLedger } from './ledger-kit.js';

let kit: LedgerKit;
let ledger: TestLedger;

beforeEach(async () => {
  kit = new LedgerKit();
  ledger = await kit.open();
});
afterEach(() => kit.dispose());

function reading<Found>(checkFile: (reader: LedgerReader) => Found): Found {
  const reader = openLedgerReader(kit.path);
  try {
    return checkFile(reader);
  } finally {
    reader.close();
  }
}

/** Two boards die on it. */
async function quarantine(seq: number): Promise<void> {
  ledger.ledger.submit({ type: 'recordAttempt', board: 'a', session: 1, seq });
  ledger.ledger.submit({ type: 'recordAttempt', board: 'b', session: 2, seq });
  ledger.ledger.submit({ type: 'quarantine', seq });
  await ledger.ask([{ type: 'reserveSeqs', throughSeq: 1000 }]);
}

async function restored(): Promise<unknown> {
  await ledger.close();
  ledger = await kit.open();
  const rows = await ledger.ledger.restore();
  return rows.inputs.map(({ seq, quarantined, attemptedBy }) => [seq, quarantined, attemptedBy]);
}

test('R22: a released input is as if no board had died on it', async () => {
  await ledger.accept(1, 2);
  await quarantine(1);
  await quarantine(2);
  ledger.ledger.submit({ type: 'releaseInput', seq: 1 });
  ledger.ledger.submit({ type: 'releaseInput', seq: 1 });
  expect(await restored()).toEqual([
    [1, false, []],
    [2, true, ['a', 'b']],
  ]);
  expect(await ledger.commit({ seq: 1 })).toBe('granted');
});

test('R22: a dropped input is over, is committed by nobody, and its ref is used up', async () => {
  await ledger.accept(1, 2);
  await quarantine(1);
  ledger.ledger.submit({ type: 'dropInput', seq: 1 });
  ledger.ledger.submit({ type: 'dropInput', seq: 1 });
  ledger.ledger.submit({ type: 'finishInput', seq: 1 });
  expect(await ledger.commit({ seq: 1 })).toBe('not-owner');
  const again = input(3, { ref: 'tcp:1', payload: bytes(99) });
  expect(await ledger.ask([again])).toEqual([{ type: 'refDropped', seq: 3, ref: 'tcp:1' }]);
  expect(await restored()).toEqual([[2, false, []]]);
  expect(reading((reader) => reader.readInputs({ state: 'dropped' }))).toMatchObject([
    { seq: 1, ref: 'tcp:1', state: 'dropped', dropped: true, quarantined: true, commit: null, attempts: [] },
  ]);
});

test('R27: an input whose result was lost with the host may be sent again under its ref', async () => {
  await ledger.accept(1, 2);
  await ledger.ask([{ type: 'recordDone', board: 'a', seq: 1 }]);
  ledger.ledger.submit({ type: 'dropInput', seq: 1 });
  const again = input(3, { ref: 'tcp:1', payload: bytes(99) });
  expect(await ledger.ask([again])).toEqual([{ type: 'inputRecorded', seq: 3 }]);
  expect(await ledger.ask([{ ...again, seq: 4 } as typeof again])).toEqual([
    { type: 'inputKnown', seq: 4, ref: 'tcp:1', knownSeq: 3, answer: null },
  ]);
});

test('R6, R22: only an input in quarantine without a commit is dropped; the refusal is told and the input stays', async () => {
  await ledger.accept(1, 2);
  await ledger.commit({ seq: 2 });
  await quarantine(2);
  const troubles: (string | null)[] = [];
  ledger.ledger.health.subscribe(({ trouble }) => troubles.push(trouble));
  ledger.ledger.submit({ type: 'dropInput', seq: 1 });
  ledger.ledger.submit({ type: 'dropInput', seq: 2 });
  await ledger.ask([{ type: 'recordDone', board: 'a', seq: 2 }]);
  expect(troubles.at(-1)).toBe('dropInput: NOT_QUARANTINED; dropInput: NOT_QUARANTINED');
  expect(await restored()).toEqual([
    [1, false, []],
    [2, true, ['a', 'b']],
  ]);
});

test('R27: what a board has acted on, and whose result was lost with the host, may be given up without quarantine', async () => {
  await ledger.accept(1);
  await ledger.ask([{ type: 'recordDone', board: 'a', seq: 1 }]);
  ledger.ledger.submit({ type: 'dropInput', seq: 1 });
  expect(await restored()).toEqual([]);
  expect(reading((reader) => reader.readInput(1))).toMatchObject({
    state: 'dropped',
    doneBy: ['a'],
    readBacks: [],
    quarantined: false,
  });
});

test('R16, R22: inputs are listed by state, newest first, without probes', async () => {
  await ledger.accept(1, 2, 3, 4);
  await ledger.ask([input(5, { kind: 'probe', ref: 'probe' }), input(6, { kind: 'probe', ref: 'probe' })]);
  await quarantine(2);
  await quarantine(3);
  ledger.ledger.submit({ type: 'dropInput', seq: 3 });
  await ledger.ask([commit({ seq: 1 }), { type: 'recordDone', board: 'a', seq: 1 }, commit({ seq: 5 })]);
  await ledger.ask([
    { type: 'recordEmitted', seq: 1 },
    { type: 'finishInput', seq: 1 },
    { type: 'finishInput', seq: 5 },
    { type: 'recordDone', board: 'a', seq: 1 },
  ]);
  const listed = (filter?: Parameters<LedgerReader['readInputs']>[0]): unknown =>
    reading((reader) => reader.readInputs(filter).map(({ seq, state }) => `${seq} ${state}`));
  expect(listed()).toEqual(['4 pending', '3 dropped', '2 quarantined', '1 finished']);
  expect(listed({ state: 'pending' })).toEqual(['4 pending']);
  expect(listed({ state: 'quarantined' })).toEqual(['2 quarantined']);
  expect(listed({ state: 'dropped' })).toEqual(['3 dropped']);
  expect(listed({ state: 'all', limit: 2 })).toEqual(['4 pending', '3 dropped']);
  expect(reading((reader) => reader.readInput(1))).toEqual({
    seq: 1,
    ref: 'tcp:1',
    kind: 'input',
    state: 'finished',
    pairTimeMs: 10,
    payload: bytes(1),
    commit: committed(1),
    doneBy: ['a'],
    readBacks: [],
    attempts: [],
    emitted: true,
    quarantined: false,
    dropped: false,
  });
  expect(reading((reader) => reader.readInput(2)).attempts).toEqual([
    { board: 'a', session: 1 },
    { board: 'b', session: 2 },
  ]);
});

test('an input that is not there, and a journal that is gone, are told as what they are', async () => {
  await ledger.accept(1, 2);
  const failing = (checkFile: (reader: LedgerReader) => unknown): unknown => {
    try {
      return reading(checkFile);
    } catch (error) {
      return error;
    }
  };
  expect(failing((reader) => reader.readInput(77))).toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining(': it has 1 to 2; '),
  });
  await ledger.close();
  const journal = kit.journalPath();
  for (const suffix of ['', '-wal', '-shm']) rmSync(journal + suffix, { force: true });
  expect(failing((reader) => reader.readInputs())).toMatchObject({
    code: 'LEDGER_UNAVAILABLE',
    message: expect.stringContaining('which is gone') as string,
  });
});
