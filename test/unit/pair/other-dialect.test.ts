import { describe, expect, it } from 'vitest';
import type { BoardWire } from '../../../src/pair/result/board-wire.js';
import { PairHarness } from './fixture/pair-harness.js';

/** Boards that tell no digest and give no state, on a wire with three sessions and numbers up to a thousand. */
const TINY: BoardWire = {
  abilities: { commit: true, digest: false, state: false, identity: true, repeats: true, bounded: true, keeps: true },
  exchangeBytes: (payloadBytes) => payloadBytes + 2,
  sessions: 3,
  lastSeq: 1_000,
  pairTimeSpanMs: 2 ** 16,
  maxPayloadBytes: 8,
  mayRepeat: () => true,
};

function started(more: object = {}): PairHarness {
  return PairHarness.started({
    transfersState: false,
    tellsDigest: false,
    config: { wire: TINY, joinComparisons: 2, probeEveryUs: 30_000, ...more },
  });
}

function answered(pair: PairHarness, refs: readonly string[]): number[] {
  return refs.map((ref) => pair.answersTo(ref).length);
}

describe('a pair on another dialect, without digest and state', () => {
  it('R2, R7: serves: each input is executed by both and answered once', () => {
    const pair = started();
    pair.inputs(5, 5);
    pair.run(200);
    expect(answered(pair, ['i1', 'i2', 'i3', 'i4', 'i5'])).toEqual([1, 1, 1, 1, 1]);
    const levels = (['a', 'b'] as const).map((board) => pair.boards[board].executions.at(-1)?.level);
    expect(levels[0]).toBe(levels[1]);
    expect(pair.ledger.faultCodes()).toEqual([]);
  });

  it('R18: a board that answers something else is found by what it answers', () => {
    const pair = started({ onMismatch: 'alarm' });
    pair.inputs(2, 5);
    pair.run(100);
    pair.boards.b.corrupt = () => 1;
    pair.input('x', 3);
    pair.run(200);
    expect(pair.ledger.faultCodes()).toContain('mismatch');
    expect(pair.answersTo('x')).toHaveLength(1);
  });

  it('R10, R25: the backup takes over, and the other joins again by a replay, with sessions that come round', () => {
    const pair = started();
    for (let round = 0; round < 4; round++) {
      pair.inputs(3, 5, `r${round} `);
      pair.run(100);
      const primary = pair.pair.lease.owner as 'a' | 'b';
      pair.boards[primary].restart();
      pair.runUntil(() => pair.pair.lease.owner !== primary);
      pair.runUntil(() => pair.isProtected, 20_000);
    }
    pair.input('last', 9);
    pair.run(200);
    const refs = [0, 1, 2, 3].flatMap((round) => [1, 2, 3].map((number) => `r${round} ${number}`));
    expect(answered(pair, [...refs, 'last'])).toEqual(Array.from({ length: 13 }, () => 1));
    expect(Math.max(...[...pair.ledger.boards.values()].map(({ session }) => session))).toBeLessThanOrEqual(3);
    const levels = (['a', 'b'] as const).map((board) => pair.boards[board].level);
    expect(levels[0]).toBe(levels[1]);
    expect(pair.ledger.stopped).toBe(false);
  });
});
