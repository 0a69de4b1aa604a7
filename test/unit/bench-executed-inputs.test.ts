import { expect, test } from 'vitest';
import type { BoardName } from '../../src/bench/bench-board.js';
import { ExecutedInputs } from '../../src/bench/record/executed-inputs.js';
import type { Message } from '../../src/protocol/messages.generated.js';

/** What a pair has executed, from the frames at the pins of its boards. */

function say(record: ExecutedInputs, board: BoardName, message: object): void {
  // Only what the record reads of each.
  record.hear(board, { session: 1, ...message } as Message);
}

function give(record: ExecutedInputs, board: BoardName, seq: number, count: number): void {
  const input = {
    kind: 'input',
    seq,
    probe: false,
    recall: false,
    observedGiven: false,
    observed: [],
    pairTimeMs: seq,
  };
  say(record, board, { ...input, payload: Uint8Array.of(seq) });
  const result = { kind: 'result', seq, executionCount: count, part: 0, last: true, rejected: false, digest: 1 };
  say(record, board, { ...result, observed: [], body: Uint8Array.of(seq) });
}

function giveState(record: ExecutedInputs, board: BoardName): void {
  say(record, board, { kind: 'statePut', seq: 0, last: true });
  say(record, board, { kind: 'state', seq: 0, accepted: true });
}

const seqs = (record: ExecutedInputs) => record.order.map((one) => one?.seq ?? null);

test('a backup that is granted the first input before its primary is begins no order of its own', () => {
  const record = new ExecutedInputs();
  giveState(record, 'b');
  for (const seq of [1, 2]) {
    give(record, 'a', seq, seq);
    give(record, 'b', seq, seq);
    for (const board of ['b', 'a'] as const) say(record, board, { kind: 'commit', seq });
  }
  expect(seqs(record)).toEqual([1, 2]);
  expect(record.order[0]?.results.map(({ board }) => board)).toEqual(['b', 'a']);
});

test('a board that starts and executes without having been given a state begins anew', () => {
  const record = new ExecutedInputs();
  for (const [boot, seq] of [
    [1, 1],
    [2, 2],
  ] as const) {
    say(record, 'a', { kind: 'hello', seq: 0, boot });
    give(record, 'a', seq, 1);
    say(record, 'a', { kind: 'done', seq });
  }
  expect(seqs(record)).toEqual([1, null, 2]);
});
