import { describe, expect, it } from 'vitest';
import type { PairConfig } from '../../../src/pair/state/pair-config.js';
import { evidenceOf, ofThree, third, thirdMemberState } from './arbitration-kit.js';
import { expectPromises } from './fixture/promises.js';

describe('the third copy', () => {
  it('R2, R19: executes what the primary executed, in its order, and the ledger knows nothing of it', () => {
    const pair = ofThree();
    pair.inputs(6, 2);
    pair.run(200);
    expect(third(pair).executedSeqs).toEqual(pair.boards.a.executedSeqs);
    expect(third(pair).actedSeqs).toEqual(pair.boards.a.actedSeqs);
    expect(pair.ledger.boards.has('third')).toBe(false);
    expect(pair.ledger.complaints).toEqual([]);
    expectPromises(pair);
  });

  it('R10: is never the one to take over', () => {
    const pair = ofThree();
    pair.cut('b');
    pair.run(20);
    pair.boards.a.halt();
    pair.input('x', 1);
    pair.run(300);
    expect([pair.ledger.owner, pair.ledger.stopped]).toEqual(['a', true]);
  });

  it('R5, R6: that is too slow is set aside, and neither board has waited for it', () => {
    const pair = ofThree({ maxLag: 4 });
    third(pair).slowDown(400_000);
    pair.inputs(10, 10);
    pair.run(200);
    expect(pair.upstream.answers).toHaveLength(10);
    expect(pair.isProtected).toBe(true);
    expect(evidenceOf(pair, 'backup-behind').map(({ board }) => board)).toEqual(['third']);
    expectPromises(pair);
  });

  it('R16: that has much to do still does not keep the two boards from being probed', () => {
    const pair = ofThree({ probeEveryUs: 30_000 });
    third(pair).slowDown(1_000_000);
    pair.input('x', 1);
    pair.run(60);
    const before = pair.counts.get('probes') ?? 0;
    pair.run(300);
    expect((pair.counts.get('probes') ?? 0) - before).toBeGreaterThan(3);
    expect(pair.isProtected).toBe(true);
  });

  it('R9, R12: is over with a takeover at a start; what both boards had acted on is answered and finished once', () => {
    const pair = ofThree();
    pair.input('x', 1);
    pair.run(1);
    pair.runUntil(() => pair.ledger.input(pair.seqOf('x'))?.doneBy.length === 2);
    pair.killGateway();
    const x = pair.ledger.input(pair.seqOf('x'));
    expect(x?.finished).toBe(false);
    // That it was answered is lost with the ledger's tail.
    if (x !== undefined) x.emitted = false;
    pair.boards.a.halt();
    const answered = pair.answersTo('x').length;
    pair.startGateway();
    pair.runUntil(() => pair.ledger.owner === 'b' && pair.pair.phase === 'serving');
    expect(pair.answersTo('x').length - answered).toBeLessThanOrEqual(1);
    expectPromises(pair);
  });

  it('R25: joins anew after a takeover, and with each gateway', () => {
    const pair = ofThree();
    pair.boards.a.halt();
    pair.input('x', 1);
    pair.run(300);
    expect(pair.ledger.owner).toBe('b');
    pair.runUntil(() => thirdMemberState(pair) === 'in-sync');
    pair.killGateway();
    pair.startGateway();
    pair.runUntil(() => thirdMemberState(pair) === 'in-sync');
    pair.input('y', 2);
    pair.run(100);
    expect(third(pair).executedSeqs.at(-1)).toBe(pair.seqOf('y'));
    expectPromises(pair);
  });
});

describe('a backup that leaves while the two differ', () => {
  /** Both have answered i2, differently, and the third copy takes its time. */
  const inDoubt = (wrong: 'a' | 'b', config: Partial<PairConfig> = {}) => {
    const pair = ofThree(config);
    third(pair).slowDown(300_000);
    pair.boards[wrong].corrupt = (seq) => (pair.refsOf([seq])[0] === 'i2' ? 0x40 : 0);
    pair.inputs(4, 10);
    pair.run(60);
    pair.cut('b');
    pair.run(20);
    pair.reconnect('b');
    return pair;
  };

  it('R19, R25: is not given the state of a primary that may be wrong: once that is known, nobody is left', () => {
    const pair = inDoubt('a');
    pair.run(100);
    expect(pair.memberStateOf('b')).toBe('set-aside');
    pair.run(1_500);
    expect(pair.ledger.faultCodes()).toEqual(['unplugged', 'judged-wrong', 'pair-stopped']);
    expect(evidenceOf(pair, 'judged-wrong')).toEqual([
      expect.objectContaining({ board: 'a', wrong: 'a', decidedBy: 'third-copy' }),
    ]);
    expect(pair.boards.b.transfers).toHaveLength(1);
    // Nothing is decided for a board that has left: what it answered is gone.
    expect([...pair.ledger.journal.verdicts]).toEqual([]);
  });

  it('R19: joins once it is known to be the wrong one, and that is told', () => {
    const pair = inDoubt('b');
    pair.run(2_500);
    expect(pair.ledger.faultCodes()).toEqual(['unplugged', 'judged-wrong']);
    expect(evidenceOf(pair, 'judged-wrong')).toEqual([expect.objectContaining({ board: 'b', wrong: 'b' })]);
    expect([pair.ledger.owner, pair.isProtected]).toEqual(['a', true]);
    expectPromises(pair);
  });

  it('R19: is kept out where nobody can tell any more', () => {
    const pair = inDoubt('b', { thirdCopyDeadlineUs: 150_000 });
    pair.run(1_000);
    expect(pair.ledger.faultCodes()).toContain('mismatch');
    expect(pair.memberStateOf('b')).toBe('kept-out');
  });

  it('R7, R19: where commits need both, what it called wrong is not committed because it is gone', () => {
    const pair = inDoubt('a', { commitNeeds: 'both' });
    pair.run(1_500);
    expect(pair.answersTo('i2')).toEqual([]);
    expect(pair.ledger.stopped).toBe(true);
  });
});

describe('a primary that leaves while the two differ', () => {
  it('R22: where commits need both, what the other answered is not committed instead', () => {
    const pair = ofThree({ commitNeeds: 'both' });
    third(pair).slowDown(300_000);
    pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'i2' ? 0x40 : 0);
    pair.inputs(2, 10);
    pair.run(60);
    pair.cut('a');
    pair.run(500);
    expect(pair.answersTo('i2')).toEqual([]);
    expect(pair.ledger.faultCodes()).toEqual(['unplugged', 'mismatch', 'pair-stopped']);
    pair.reconnect('a');
    pair.command({ command: 'resume' });
    pair.run(500);
    expect(pair.answersTo('i2')).toHaveLength(1);
    expect([pair.ledger.owner, pair.ledger.stopped]).toEqual(['b', false]);
  });
});
