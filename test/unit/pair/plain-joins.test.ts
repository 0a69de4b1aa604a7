import { describe, expect, it } from 'vitest';
import { PairHarness } from './fixture/pair-harness.js';
import { type PlainBoard, READ, WRITE } from './fixture/plain-board.js';

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

  it('R22: where a new primary has answered otherwise than was committed, and a person accepts that, its answer counts and the pair goes on', () => {
    const pair = PairHarness.plain();
    pair.input('w1', WRITE, 1);
    pair.run(50);
    pair.boards.b.alter();
    pair.boards.b.executeUs = 30_000;
    pair.input('w2', WRITE, 2);
    pair.runUntil(() => pair.answersTo('w2').length === 1);
    pair.forge('a', { kind: 'failed', reason: 'memory-parity', detail: 0 });
    pair.runUntil(() => pair.pair.phase === 'stopped');
    pair.command({ command: 'accept', seq: pair.seqOf('w2') });
    pair.runUntil(() => pair.pair.phase === 'serving');
    pair.input('w3', WRITE, 3);
    pair.run(100);
    expect(pair.ledger.owner).toBe('b');
    expect(pair.answersTo('w3')).toHaveLength(1);
    expect(pair.boards.b.written).toEqual([1, 2, 3].map((value) => `${WRITE},${value}`));
  });
});

describe('boards that cannot tell a repeat, with several inputs in their hands', () => {
  function withWindow(): PairHarness<PlainBoard> {
    const pair = PairHarness.ofPlain({ maxWindow: 4 });
    for (const board of [pair.boards.a, pair.boards.b]) board.window = 4;
    pair.startGateway();
    pair.runUntil(() => pair.isProtected);
    return pair;
  }

  it('R3, R18: a copy of a reading that was lost, given again behind a later write, is not held against the primary', () => {
    const pair = withWindow();
    let lost = 0;
    pair.boards.b.whim = ([code]) => (code === READ && lost++ === 0 ? 'request-lost' : 'answers');
    pair.input('r', READ);
    pair.input('w1', WRITE, 1);
    pair.run(200);
    expect(pair.boards.b.executions.at(-1)?.payload).toBe(`${READ}`);
    expect(pair.ledger.faultCodes()).toEqual(['link-degraded']);
    expect(pair.isProtected).toBe(true);
  });

  it('R3, R31: a backup that did not take a copy, and has had what comes after it, joins anew', () => {
    const pair = withWindow();
    let refused = 0;
    pair.boards.b.whim = ([code, value]) =>
      code === WRITE && value === 1 && refused++ === 0 ? 'not-taken' : 'answers';
    pair.input('w1', WRITE, 1);
    pair.input('w2', WRITE, 2);
    pair.run(50);
    expect(pair.boards.b.written).not.toContain(`${WRITE},1`);
    expect(pair.memberStatesOf('b')).toContain('set-aside');
    expect(pair.ledger.faultCodes()).not.toContain('mismatch');
  });

  it('R31: a board that was judged wrong, and is let in again, is given no copy of what it had in its hands', () => {
    const pair = PairHarness.ofPlain({ maxWindow: 4, commitNeeds: 'both', ifAlone: 'hold', onMismatch: 'switch' });
    for (const board of [pair.boards.a, pair.boards.b]) board.window = 4;
    pair.startGateway();
    pair.runUntil(() => pair.isProtected);
    pair.boards.b.alter();
    pair.boards.a.whim = ([code]) => (code === WRITE ? 'answer-lost' : 'answers');
    pair.input('r', READ);
    pair.input('w1', WRITE, 1);
    pair.runUntil(() => pair.memberStateOf('a') === 'kept-out');
    pair.boards.a.whim = () => 'answers';
    pair.run(100);
    // What the new primary had answered alone.
    pair.command({ command: 'resume' });
    pair.run(50);
    pair.command({ command: 'rejoin', board: 'a' });
    pair.run(300);
    expect(pair.boards.b.written).toEqual([`${WRITE},1`]);
    expect(pair.boards.a.written).toEqual([`${WRITE},1`]);
  });
});
