import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WallClock } from '#built/clock/clock.js';
import { StoreClient } from '#built/ledger/client/store-client.js';
import type { LedgerRequest } from '../../src/pair/state/effects.js';
import { bytes, commit, input, LedgerKit } from './ledger-kit.js';

let kit: LedgerKit;

beforeEach(() => {
  kit = new LedgerKit();
});
afterEach(() => kit.dispose());

test('answers come in the order of the requests, and only to requests that have one', async () => {
  const ledger = await kit.open();
  await ledger.accept(1, 2);
  const answers = await ledger.ask([
    { type: 'recordSession', board: 'a', session: 3, boot: 9 },
    commit({ seq: 2, executionCount: 1 }),
    { type: 'count', counter: 'probes', board: null },
    { type: 'recordDone', board: 'a', seq: 2 },
    { type: 'recordEmitted', seq: 2 },
    commit({ seq: 1, executionCount: 2 }),
    { type: 'recordDone', board: 'a', seq: 1 },
    input(3),
  ]);
  expect(answers.map((answer) => [answer.type, 'seq' in answer ? answer.seq : null])).toEqual([
    ['commitAnswered', 2],
    ['doneRecorded', 2],
    ['commitAnswered', 1],
    ['doneRecorded', 1],
    ['inputRecorded', 3],
  ]);
});

test('what arrives in one turn, and what arrives during a transaction, shares one', async () => {
  let answered = 0;
  const client: StoreClient = await StoreClient.open(
    { path: join(kit.folder, 'store'), synchronous: 'off', keepInputs: 10, keepFaults: 10, bootId: 'boot' },
    new WallClock(),
    {
      changed: () => undefined,
      noted: () => undefined,
      answered: (answers) => {
        // The worker is at the next batch already; all of this goes with the one after it.
        if (answered === 0) for (let seq = 102; seq <= 200; seq++) record(seq);
        answered += answers.length;
      },
    },
  );
  const record = (seq: number): void =>
    client.submit({ type: 'recordInput', seq, ref: `${seq}`, kind: 'tick', pairTimeMs: 0, payload: bytes(1) });
  for (let seq = 1; seq <= 100; seq++) record(seq);
  await Promise.resolve();
  record(101);
  await client.settled();
  expect(answered).toBe(200);
  expect(client.batches).toBe(3);
  await client.close();
});

test('an input and a probe cost one row at rest each; the oldest of both are pruned', async () => {
  const ledger = await kit.open({ keepInputs: 20 });
  await ledger.ask([{ type: 'reserveSeqs', throughSeq: 1000 }]);
  const whole = (seq: number, more = {}): LedgerRequest[] => [
    input(seq, more),
    { type: 'recordAttempt', board: 'a', session: 1, seq },
    commit({ seq }),
    { type: 'recordVerdict', seq, board: 'b', hash: 5, verdict: 'match' },
    { type: 'recordDone', board: 'a', seq },
    { type: 'recordDone', board: 'b', seq },
    { type: 'recordDone', board: 'b', seq },
    { type: 'recordEmitted', seq },
    { type: 'finishInput', seq },
    { type: 'finishInput', seq },
  ];
  await ledger.ask([...whole(1), ...whole(2, { kind: 'probe', ref: 'probe' })]);
  const rows = (sql: string): unknown[] => kit.raw(kit.journalPath(), (database) => database.prepare(sql).all());
  expect(rows('SELECT seq, finished, emitted, done_by, commit_hash FROM input')).toEqual([
    { seq: 1, finished: 1, emitted: 1, done_by: 'a,b', commit_hash: 101 },
    { seq: 2, finished: 1, emitted: 1, done_by: 'a,b', commit_hash: 102 },
  ]);
  expect(rows('SELECT seq FROM attempt UNION ALL SELECT seq FROM verdict')).toEqual([]);

  for (let seq = 3; seq <= 400; seq++) await ledger.ask(whole(seq));
  for (let seq = 401; seq <= 800; seq++) await ledger.ask(whole(seq, { kind: 'probe', ref: 'probe' }));
  const kept = (kind: string): unknown =>
    rows(`SELECT count(*) AS count, max(seq) AS last FROM input WHERE kind = '${kind}'`)[0];
  // A night of probes pushes no input out.
  expect(kept('input')).toEqual({ count: 399 - 256, last: 400 });
  expect(kept('probe')).toEqual({ count: 401 - 256, last: 800 });
});

test('an input that is finished long after its neighbours is pruned in the end; a smaller keep-inputs prunes at once', async () => {
  const kept = (): unknown[] =>
    kit.raw(kit.journalPath(), (database) => database.prepare('SELECT seq FROM input').pluck().all());
  const over = (seq: number): LedgerRequest[] => [input(seq), commit({ seq }), { type: 'finishInput', seq }];
  const range = (first: number, last: number): LedgerRequest[] =>
    Array.from({ length: last - first + 1 }, (_, index) => over(first + index)).flat();
  const ledger = await kit.open({ keepInputs: 10 });
  await ledger.accept(1);
  await ledger.ask(range(2, 300));
  await ledger.ask([commit({ seq: 1, executionCount: 301 })]);
  ledger.ledger.submit({ type: 'finishInput', seq: 1 });
  await ledger.ask(range(302, 700));
  // 255 more than are kept stay until the next pruning; the late one is among them until a start looks again.
  expect(kept().length).toBeLessThan(10 + 256);
  expect(kept()).toContain(1);
  await ledger.close();
  const again = await kit.open({ keepInputs: 10 });
  await again.ask(range(702, 960));
  expect(kept()).not.toContain(1);
  expect(kept()).toContain(960);
});

test('R6: an unfinished input is never pruned', async () => {
  const ledger = await kit.open({ keepInputs: 0 });
  await ledger.accept(1);
  await ledger.ask(
    Array.from({ length: 600 }, (_, index) => [
      input(index + 2),
      commit({ seq: index + 2 }),
      { type: 'recordEmitted', seq: index + 2 } as const,
      { type: 'finishInput', seq: index + 2 } as const,
    ]).flat(),
  );
  await ledger.close();
  expect((await (await kit.open()).ledger.restore()).inputs.map((row) => row.seq)).toEqual([1]);
});

test('one batch is all or nothing, and a request that the schema will never take does not stop the rest', async () => {
  const ledger = await kit.open();
  await ledger.ask([{ type: 'reserveSeqs', throughSeq: 10 }]);
  const answers = await ledger.ask([input(1), input(99), input(2)], 2);
  expect(answers).toEqual([
    { type: 'inputRecorded', seq: 1 },
    { type: 'inputRecorded', seq: 2 },
  ]);
  let trouble: string | null = null;
  ledger.ledger.health.subscribe((health) => {
    trouble = health.trouble;
  });
  expect(trouble).toBe('recordInput: NOT_RESERVED');
});

test('R6: more faults than may wait are dropped and told, and the trouble goes with its cause', async () => {
  const notes: string[] = [];
  const client: StoreClient = await StoreClient.open(
    { path: join(kit.folder, 'store'), synchronous: 'off', keepInputs: 10, keepFaults: 10, bootId: 'boot' },
    new WallClock(),
    { changed: () => undefined, answered: () => undefined, noted: (texts) => notes.push(...texts) },
  );
  for (let faultId = 1; faultId <= 20_010; faultId++) {
    client.submit({ type: 'noteFault', faultId, step: 'evidence', atUs: faultId, detail: '{}' });
  }
  expect(client.trouble).toBe('10 records dropped');
  await client.settled();
  expect(client.trouble).toBeNull();
  expect(notes).toEqual([expect.stringMatching(/^10 records were dropped/)]);
  await client.close();
});
