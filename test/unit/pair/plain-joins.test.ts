import { describe, expect, it } from 'vitest';
import { PairHarness } from './fixture/pair-harness.js';
import { READ, WRITE } from './fixture/plain-board.js';

describe('boards that cannot tell a repeat, and a pair that goes on', () => {
  it('R25: an answer that tells nothing of a board is no comparison: whoever joins protects nobody before its answers have agreed', () => {
    const pair = PairHarness.plain({ probeEveryUs: 50_000, joinComparisons: 3 });
    pair.input('w1', WRITE, 1);
    pair.runUntil(() => pair.isProtected);
    for (const board of [pair.boards.a, pair.boards.b]) board.isWatched = false;
    pair.cut('b');
    // It begins anew, and its link does not know.
    pair.boards.b.restart();
    pair.run(20);
    pair.reconnect('b');
    pair.run(1_000);
    expect(pair.memberStateOf('b')).toBe('joining');
    expect(pair.isProtected).toBe(false);
    pair.input('r', READ);
    pair.run(50);
    expect(pair.memberStateOf('a')).toBe('in-sync');
    expect(pair.ledger.owner).toBe('a');
    expect(pair.ledger.faultCodes()).toContain('joining-failed');
    expect(pair.ledger.faultCodes()).not.toContain('mismatch');
  });

  it('R8, R13: what the primary had answered when the pair stopped is what a person lets it go on with: it is committed, and answered', () => {
    const pair = PairHarness.plain({ commitNeeds: 'both', ifAlone: 'hold', onMismatch: 'stop' });
    pair.input('w1', WRITE, 1);
    pair.run(100);
    pair.boards.b.alter();
    pair.input('w2', WRITE, 2);
    pair.runUntil(() => pair.pair.phase === 'stopped');
    // To go on, and to go on alone.
    pair.command({ command: 'resume' });
    pair.run(100);
    pair.command({ command: 'resume' });
    pair.run(300);
    expect(pair.answersTo('w2')).toHaveLength(1);
    expect(pair.boards.a.written).toEqual([`${WRITE},1`, `${WRITE},2`]);
  });

  it('R9: what the primary had answered when the pair stopped is answered, though the ledger says so only after that', () => {
    const pair = PairHarness.plain();
    pair.cut('b');
    pair.run(20);
    pair.ledgerUs = () => 30_000;
    pair.input('w1', WRITE, 1);
    pair.runUntil(() => pair.boards.a.written.length === 1);
    pair.run(5);
    expect(pair.answersTo('w1')).toEqual([]);
    pair.forge('a', { kind: 'failed', reason: 'memory-parity', detail: 0 });
    pair.run(100);
    expect(pair.pair.phase).toBe('stopped');
    expect(pair.answersTo('w1')).toHaveLength(1);
  });
});
