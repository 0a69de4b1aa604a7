import { afterEach, beforeEach, expect, test } from 'vitest';
import { bytes, commit, committed, input, LedgerKit, type TestLedger } from './ledger-kit.js';

let kit: LedgerKit;
let ledger: TestLedger;

beforeEach(async () => {
  kit = new LedgerKit();
  ledger = await kit.open();
});
afterEach(() => kit.dispose());

test('a new ledger has both boards in sync and the lease with the first owner', async () => {
  expect(await ledger.ledger.restore()).toEqual({
    epoch: 1,
    owner: 'a',
    boards: [
      { board: 'a', standing: 'in-sync', session: 0, boot: null, exits: [] },
      { board: 'b', standing: 'in-sync', session: 0, boot: null, exits: [] },
    ],
    inputs: [],
    reservedThroughSeq: 0,
    highestSeq: 0,
    pairTimeMs: 0,
    reservedPairTimeMs: 0,
    executionCount: 0,
    nextFaultId: 1,
    unfinishedTakeover: null,
    stopped: false,
    hostRestarted: false,
    fresh: true,
    facts: {},
  });
});

test('R8: the first commit needs the lease, a repeat and the other board need the same hash', async () => {
  await ledger.accept(1, 2);
  expect(await ledger.commit({ seq: 1, board: 'b' })).toBe('not-owner');
  expect(await ledger.commit({ seq: 1, epoch: 2 })).toBe('not-owner');
  expect(await ledger.commit({ seq: 1 })).toBe('granted');
  expect(await ledger.commit({ seq: 1 })).toBe('granted');
  expect(await ledger.commit({ seq: 1, board: 'b', epoch: 9 })).toBe('granted');
  expect(await ledger.commit({ seq: 1, board: 'b', hash: 5 })).toBe('different');
  expect(await ledger.commit({ seq: 1, hash: 5 })).toBe('different');
  expect(await ledger.commit({ seq: 77 })).toBe('not-owner');
});

test.each(['match', 'arbitrated'] as const)(
  'R8: a recorded verdict %s admits that hash of that board, no other',
  async (verdict) => {
    await ledger.accept(1);
    await ledger.commit({ seq: 1 });
    await ledger.ask([{ type: 'recordVerdict', seq: 1, board: 'b', hash: 5, verdict }]);
    expect(await ledger.commit({ seq: 1, board: 'b', hash: 6 })).toBe('different');
    expect(await ledger.commit({ seq: 1, board: 'a', hash: 5 })).toBe('different');
    expect(await ledger.commit({ seq: 1, board: 'b', hash: 5 })).toBe('granted');
  },
);

test('R19: what was decided is the result from then on; what was observed stays that of the first execution', async () => {
  const committed = async () => {
    const answers = await ledger.ask([{ type: 'readHistory', board: 'b', after: 0, limit: 9 }]);
    return answers.flatMap((answer) => (answer.type === 'historyRead' ? (answer.inputs ?? []) : []))[0]?.commit;
  };
  await ledger.accept(1);
  await ledger.commit({ seq: 1 });
  const before = await committed();
  await ledger.ask([{ type: 'recordVerdict', seq: 1, board: 'b', hash: 5, verdict: 'arbitrated' }]);
  const parts = [{ rejected: false, body: Uint8Array.of(9) }];
  expect(
    await ledger.commit({ seq: 1, board: 'b', hash: 5, digest: 77, parts, observed: [8], executionCount: 4 }),
  ).toBe('granted');
  expect(await committed()).toEqual({ ...before, board: 'b', hash: 5, digest: 77, parts });
  expect(await ledger.commit({ seq: 1, board: 'a', hash: before?.hash ?? 0 })).toBe('different');
});

test('R8, R10: a fenced board is refused whatever it asks, and the new owner commits', async () => {
  await ledger.accept(1, 2);
  await ledger.commit({ seq: 1 });
  expect(await ledger.fence('a', 'b')).toMatchObject({ epoch: 2, owner: 'b' });
  expect(await ledger.commit({ seq: 1 })).toBe('locked-out');
  expect(await ledger.commit({ seq: 2 })).toBe('locked-out');
  expect(await ledger.commit({ seq: 2, epoch: 2 })).toBe('locked-out');
  expect(await ledger.commit({ seq: 2, board: 'b', epoch: 1 })).toBe('not-owner');
  expect(await ledger.commit({ seq: 2, board: 'b', epoch: 2 })).toBe('granted');
  expect(await ledger.commit({ seq: 1, board: 'b', epoch: 2 })).toBe('granted');
});

test('R10, R12: the fence returns exactly the commits that made it, in both orders of one batch', async () => {
  await ledger.accept(1, 2, 3);
  const answers = await ledger.ask([
    commit({ seq: 1 }),
    { type: 'recordFence', from: 'a', to: 'b', faultId: 4, epoch: 2, locksOut: true },
    commit({ seq: 2 }),
  ]);
  expect(answers.map((answer) => (answer.type === 'commitAnswered' ? answer.outcome : answer.type))).toEqual([
    'granted',
    'fenceRecorded',
    'locked-out',
  ]);
  const fence = answers[1];
  if (fence?.type !== 'fenceRecorded') throw new Error('no fence');
  expect(fence.inputs.map((row) => [row.seq, row.commit?.board ?? null])).toEqual([
    [1, 'a'],
    [2, null],
    [3, null],
  ]);
  expect(fence.inputs[0]).toEqual({
    seq: 1,
    ref: 'tcp:1',
    kind: 'input',
    pairTimeMs: 10,
    payload: bytes(1),
    commit: committed(1),
    emitted: false,
    doneBy: [],
    quarantined: false,
    finished: false,
    attemptedBy: [],
  });
});

test('R10: a fence asked again moves nothing and says whose lease it is', async () => {
  await ledger.accept(1);
  await ledger.fence('a', 'b');
  expect(await ledger.fence('a', 'b')).toMatchObject({ epoch: 2, owner: 'b' });
});

test('R10: a fence towards a locked-out board is refused, and the lease stays', async () => {
  await ledger.accept(1);
  await ledger.fence('a', 'b');
  expect(await ledger.fence('b', 'a', 2, 3)).toMatchObject({ epoch: 2, owner: 'b' });
  expect(await ledger.commit({ seq: 1, board: 'b', epoch: 2 })).toBe('granted');
});

test('R23: a ref that is known with another payload gets no answer of old, finished or not', async () => {
  await ledger.accept(1);
  const other = input(2, { ref: 'tcp:1', payload: bytes(9) });
  expect(await ledger.ask([other])).toEqual([{ type: 'refUsed', seq: 2, ref: 'tcp:1' }]);
  await ledger.commit({ seq: 1 });
  ledger.ledger.submit({ type: 'finishInput', seq: 1 });
  expect(await ledger.ask([other])).toEqual([{ type: 'refUsed', seq: 2, ref: 'tcp:1' }]);
});

test('R23: a ref that is known is answered with its seq, and with its bodies once they are committed', async () => {
  await ledger.accept(1);
  const again = input(2, { ref: 'tcp:1', payload: bytes(1) });
  expect(await ledger.ask([again])).toEqual([{ type: 'inputKnown', seq: 2, ref: 'tcp:1', knownSeq: 1, answer: null }]);
  await ledger.commit({ seq: 1 });
  expect(await ledger.ask([again])).toEqual([
    { type: 'inputKnown', seq: 2, ref: 'tcp:1', knownSeq: 1, answer: [{ rejected: false, body: bytes(1, 2) }] },
  ]);
  ledger.ledger.submit({ type: 'finishInput', seq: 1 });
  expect(await ledger.ask([again])).toMatchObject([
    { type: 'inputKnown', knownSeq: 1, answer: [{ rejected: false, body: bytes(1, 2) }] },
  ]);
  expect(await ledger.ask([input(1)])).toEqual([{ type: 'inputRecorded', seq: 1 }]);
  expect(await ledger.ask([input(3, { ref: 'tick', kind: 'tick' }), input(4, { ref: 'tick', kind: 'tick' })])).toEqual([
    { type: 'inputRecorded', seq: 3 },
    { type: 'inputRecorded', seq: 4 },
  ]);
});
