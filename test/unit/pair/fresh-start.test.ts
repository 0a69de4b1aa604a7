import { describe, expect, it } from 'vitest';
import { PairHarness } from './fixture/pair-harness.js';

/** The primary, alone, has asked for a commit that the ledger has not answered; then it restarts, and the pair stops. */
function askedAndRestarted(): PairHarness {
  const pair = PairHarness.started();
  pair.cut('b');
  pair.runUntil(() => pair.memberStateOf('b') === 'set-aside');
  pair.input('x', 7);
  pair.runUntil(() => pair.boards.a.executedSeqs.length === 1);
  pair.ledgerAnswers = false;
  pair.run(10);
  pair.boards.a.restart();
  pair.run(20);
  expect(pair.pair.phase).toBe('stopped');
  return pair;
}

describe('a pair that begins anew', () => {
  it('R9: executes nothing again that the ledger was asked to commit and has not answered', () => {
    const pair = askedAndRestarted();
    const executed = pair.boards.a.executions.length;
    pair.command({ command: 'resume' });
    pair.run(200);
    expect(pair.boards.a.executions.length).toBe(executed);
    pair.ledgerAnswers = true;
    pair.run(200);
    expect(pair.pair.phase).toBe('serving');
    expect(pair.answersTo('x')).toHaveLength(1);
    expect(pair.boards.a.executions.length).toBe(executed);
    expect(pair.ledger.grantedHashes.get(pair.seqOf('x'))?.size).toBe(1);
    pair.input('y', 1);
    pair.run(100);
    expect(pair.answersTo('y')).toHaveLength(1);
  });
});
