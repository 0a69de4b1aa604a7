import { describe, expect, it } from 'vitest';
import { PairHarness } from './fixture/pair-harness.js';

describe('steady running', () => {
  it('R2: each input runs on the primary and then on the backup, in the same order, and both act on it', () => {
    const pair = PairHarness.started();
    pair.inputs(10, 20);
    pair.run(400);
    expect(pair.upstream.answers.map((answer) => answer.ref)).toEqual(['i1', 'i2', 'i3', 'i4', 'i5', 'i6', 'i7', 'i8', 'i9', 'i10']);
    expect(pair.boards.a.executedSeqs).toHaveLength(10);
    expect(pair.boards.b.executedSeqs).toEqual(pair.boards.a.executedSeqs);
    expect(pair.boards.b.actedSeqs).toEqual(pair.boards.a.actedSeqs);
    expect(pair.ledger.faults).toEqual([]);
  });
});
