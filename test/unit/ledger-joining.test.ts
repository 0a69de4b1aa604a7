import { afterEach, beforeEach, expect, test } from 'vitest';
import type { MemberState } from '../../src/pair/result/ledger-rows.js';
import { bytes, commit, input, LedgerKit, type TestLedger } from './ledger-kit.js';

let kit: LedgerKit;

beforeEach(() => {
  kit = new LedgerKit();
});
afterEach(() => kit.dispose());

/** Records, commits and finishes; execution counts are the seqs less `behind`. */
async function run(ledger: TestLedger, seqs: readonly number[], behind = 0, more = {}): Promise<void> {
  for (const seq of seqs) {
    await ledger.ask([input(seq, more), commit({ seq, executionCount: seq - behind })]);
    ledger.ledger.submit({ type: 'finishInput', seq });
  }
}

async function history(ledger: TestLedger, after: number, limit = 100): Promise<unknown> {
  const [answer] = await ledger.ask([{ type: 'readHistory', board: 'b', after, limit }]);
  if (answer?.type !== 'historyRead') throw new Error(`answered ${answer?.type}`);
  expect(answer).toMatchObject({ board: 'b', after });
  return answer.inputs?.map((row) => [row.seq, row.commit?.executionCount, row.kind]) ?? null;
}

test.each<[MemberState, string, string]>([
  ['in-sync', 'granted', 'different'],
  ['joining', 'granted', 'different'],
  ['set-aside', 'granted', 'different'],
  ['locked-out', 'locked-out', 'locked-out'],
  ['kept-out', 'locked-out', 'locked-out'],
])(
  'R8, R25: a backup that is %s repeats a commit: %s; with another hash: %s; begins one: never',
  async (standing, same, other) => {
    const ledger = await kit.open();
    await ledger.accept(1, 2);
    await ledger.commit({ seq: 1 });
    ledger.ledger.submit({ type: 'recordMemberState', board: 'b', state: standing });
    expect(await ledger.commit({ seq: 1, board: 'b' })).toBe(same);
    expect(await ledger.commit({ seq: 1, board: 'b', hash: 5 })).toBe(other);
    expect(await ledger.commit({ seq: 2, board: 'b' })).toBe(standing.endsWith('-out') ? 'locked-out' : 'not-owner');
    expect((await ledger.fence('a', 'b')).owner).toBe(standing === 'in-sync' ? 'b' : 'a');
  },
);

test('R25: the owner of a stopped pair may be out of sync; it commits nothing new until it is recorded in sync', async () => {
  let ledger = await kit.open();
  await ledger.accept(1, 2);
  await ledger.commit({ seq: 1 });
  await ledger.ask([
    { type: 'recordStopped', stopped: true },
    { type: 'recordMemberState', board: 'a', state: 'set-aside' },
  ]);
  await ledger.close();
  // The journal is as an older takeover left it: aligning moves its lease, whatever the boards' standing is.
  kit.raw(kit.path, (database) => database.exec(`UPDATE lease SET epoch = 4`));
  ledger = await kit.open();
  expect(await ledger.ledger.restore()).toMatchObject({ epoch: 4, owner: 'a', stopped: true });
  expect(await ledger.commit({ seq: 2, epoch: 4 })).toBe('not-owner');
  expect(await ledger.commit({ seq: 1, epoch: 4 })).toBe('granted');
  ledger.ledger.submit({ type: 'recordMemberState', board: 'a', state: 'in-sync' });
  expect(await ledger.commit({ seq: 2, epoch: 4 })).toBe('granted');
});

test('R27: aligning gives a file the lease of the other one also where the owner is out of sync', async () => {
  const ledger = await kit.open();
  await ledger.accept(1);
  await ledger.close();
  kit.raw(kit.path, (database) =>
    database.exec(`UPDATE lease SET epoch = 3, owner = 'b'; UPDATE board SET standing = 'set-aside', revision = 8`),
  );
  const again = await kit.open();
  expect(again.ledger.notes).toEqual([]);
  expect(await again.ledger.restore()).toMatchObject({ epoch: 3, owner: 'b' });
  const lease = kit.raw(kit.journalPath(), (database) => database.prepare('SELECT epoch, owner FROM lease').get());
  expect(lease).toEqual({ epoch: 3, owner: 'b' });
});

test.each([
  [true, false, 'locked-out'],
  [false, true, 'in-sync'],
] as const)(
  'R26: a fence with locksOut %s is restored as planned %s, the old owner %s',
  async (locksOut, planned, standing) => {
    const ledger = await kit.open();
    await ledger.accept(1);
    await ledger.ask([{ type: 'recordFence', from: 'a', to: 'b', faultId: 7, epoch: 2, locksOut }]);
    await ledger.close();
    const rows = await (await kit.open()).ledger.restore();
    expect(rows.unfinishedTakeover).toEqual({ faultId: 7, from: 'a', to: 'b', planned, reason: null });
    expect(rows.boards[0]).toMatchObject({ board: 'a', standing });
    expect(rows).toMatchObject({ epoch: 2, owner: 'b' });
  },
);

test('R25: history is what was committed, finished or not, probes too, in execution order and in pieces', async () => {
  const ledger = await kit.open();
  await ledger.ask([{ type: 'reserveSeqs', throughSeq: 100 }]);
  await ledger.ask([input(2), input(1), commit({ seq: 2, executionCount: 1 }), commit({ seq: 1, executionCount: 2 })]);
  await run(ledger, [3], 0, { kind: 'probe', ref: 'probe' });
  await run(ledger, [4]);
  await ledger.ask([input(5)]);
  const all = [
    [2, 1, 'input'],
    [1, 2, 'input'],
    [3, 3, 'probe'],
    [4, 4, 'input'],
  ];
  expect(await history(ledger, 0)).toEqual(all);
  expect(await history(ledger, 0, 3)).toEqual(all.slice(0, 3));
  expect(await history(ledger, 3, 3)).toEqual(all.slice(3));
  expect(await history(ledger, 4)).toEqual([]);
  expect(await history(ledger, 9)).toEqual([]);
  const [answer] = await ledger.ask([{ type: 'readHistory', board: 'b', after: 2, limit: 1 }]);
  expect(answer).toMatchObject({
    inputs: [{ seq: 3, payload: bytes(3), pairTimeMs: 30, commit: { hash: 103, observed: [3, -1], digest: 7 } }],
  });
});

test('R25: what the ledger no longer has, or never had, is no history', async () => {
  const ledger = await kit.open({ keepInputs: 10 });
  await ledger.ask([{ type: 'reserveSeqs', throughSeq: 1000 }]);
  expect(await history(ledger, 0)).toEqual([]);
  await run(
    ledger,
    Array.from({ length: 300 }, (_, index) => index + 1),
  );
  expect(await history(ledger, 0)).toBeNull();
  // 266 finished ones were pruned to 10: 257 … 266 stayed, and what came after them.
  expect(await history(ledger, 255)).toBeNull();
  expect(await history(ledger, 256, 1)).toEqual([[257, 257, 'input']]);
  // A hole: the board has executed what the ledger never had.
  await run(ledger, [302, 303]);
  expect(await history(ledger, 299)).toEqual([[300, 300, 'input']]);
  expect(await history(ledger, 300)).toBeNull();
  expect(await history(ledger, 301)).toHaveLength(2);
});

test('R25: an owner that counts anew is on another line; the old one is no history, also after a restart', async () => {
  const ledger = await kit.open();
  await ledger.ask([{ type: 'reserveSeqs', throughSeq: 100 }]);
  await run(ledger, [1, 2, 3, 4]);
  await run(ledger, [5, 6], 4);
  expect(await history(ledger, 0)).toEqual([
    [5, 1, 'input'],
    [6, 2, 'input'],
  ]);
  expect(await history(ledger, 2)).toEqual([]);
  await ledger.close();
  const again = await kit.open();
  await again.ask([{ type: 'reserveSeqs', throughSeq: 100 }]);
  await run(again, [7], 4);
  expect(await history(again, 1)).toEqual([
    [6, 2, 'input'],
    [7, 3, 'input'],
  ]);
});

test('R25, R27: what is committed after the beginning of a line is no history with what was before, whatever its count', async () => {
  const ledger = await kit.open();
  await ledger.ask([{ type: 'reserveSeqs', throughSeq: 100 }]);
  await run(ledger, [1, 2, 3]);
  ledger.ledger.submit({ type: 'beginLine' });
  expect(await history(ledger, 0)).toBeNull();
  await run(ledger, [4, 5]);
  expect(await history(ledger, 0)).toBeNull();
  expect(await history(ledger, 3)).toEqual([
    [4, 4, 'input'],
    [5, 5, 'input'],
  ]);
  await ledger.close();
  const again = await kit.open();
  expect(await history(again, 0)).toBeNull();
  await again.ask([{ type: 'reserveSeqs', throughSeq: 100 }]);
  await run(again, [6, 7], 5);
  expect(await history(again, 0)).toEqual([
    [6, 1, 'input'],
    [7, 2, 'input'],
  ]);
});

test.each([
  ['process', 'power'],
  ['power', 'process'],
] as const)('R25: history outlives a change of durability from %s to %s', async (from, to) => {
  const ledger = await kit.open({ durability: from });
  await ledger.ask([{ type: 'reserveSeqs', throughSeq: 100 }]);
  await run(ledger, [1, 2, 3]);
  await run(ledger, [4, 5], 3);
  await ledger.close();
  const again = await kit.open({ durability: to });
  expect(await history(again, 0)).toEqual([
    [4, 1, 'input'],
    [5, 2, 'input'],
  ]);
});
