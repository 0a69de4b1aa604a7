import { describe, expect, it } from 'vitest';
import type { PairConfig } from '../../../src/pair/state/pair-config.js';
import { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

function needingBoth(config: Partial<PairConfig> = {}): PairHarness {
  return PairHarness.started({ config: { commitNeeds: 'both', ...config } });
}

/** Two boards and a third copy, all in the pair, whose commits need another copy. */
function ofThree(config: Partial<PairConfig> = {}): PairHarness {
  const pair = needingBoth({ thirdCopy: 'third', ...config });
  pair.runUntil(() => pair.pair.boards.get('third')?.membership.state === 'in-sync');
  pair.run(10);
  return pair;
}

/** Board b answers `x` otherwise than the others. */
function disagreeOnX(pair: PairHarness): void {
  pair.boards.b.corrupt = (seq) => (pair.refsOf([seq])[0] === 'x' ? 0x40 : 0);
}

describe('where commits need both boards', () => {
  it('R7, R19: what the backup called wrong is not committed because it left while the boards test themselves', () => {
    const pair = needingBoth({ selfTests: true });
    pair.boards.a.selfTest = 'none';
    pair.boards.b.selfTest = 'none';
    disagreeOnX(pair);
    pair.input('x', 1);
    pair.runUntil(() => pair.sentKinds('b').includes('selfTest'));
    pair.cut('b');
    pair.run(100);
    expect(pair.pair.comparison.dispute).not.toBeNull();
    expect([pair.boards.a.actedSeqs, pair.answersTo('x')]).toEqual([[], []]);
    pair.run(600);
    expect([pair.boards.a.actedSeqs, pair.answersTo('x')]).toEqual([[], []]);
    expect(pair.ledger.faultCodes()).toEqual(['unplugged', 'mismatch', 'pair-stopped']);
  });

  it('R7, R19: nor is it after the stop, whoever leaves then', () => {
    const pair = needingBoth();
    disagreeOnX(pair);
    pair.input('x', 1);
    pair.runUntil(() => pair.ledger.stopped);
    pair.cut('b');
    pair.run(300);
    expect([pair.boards.a.actedSeqs, pair.answersTo('x')]).toEqual([[], []]);
    expect(pair.ledger.granted).toEqual([]);
  });

  it('R12: nothing is asked of the ledger for a primary that is accused, though the other board agrees now', () => {
    const pair = needingBoth();
    pair.ledgerUs = () => 30_000;
    pair.boards.b.slowDown(20_000);
    pair.input('x', 1);
    pair.runUntil(() => pair.boards.a.executedSeqs.length === 1);
    pair.run(8);
    pair.cut('a');
    pair.run(1_000);
    expect(pair.ledger.owner).toBe('b');
    expect(pair.ledger.refused).toEqual([]);
    expect(pair.answersTo('x')).toHaveLength(1);
    expectPromises(pair);
  });

  it('R5: a board that joins is not waited for: the primary goes on alone until it is in the pair', () => {
    const pair = needingBoth({ joinComparisons: 3, probeEveryUs: 30_000 });
    pair.boards.b.restart();
    pair.runUntil(() => pair.joinStepOf('b') === 'comparing');
    pair.boards.b.slowDown(40_000);
    pair.input('x', 1);
    pair.run(20);
    expect([pair.answersTo('x').length, pair.memberStateOf('b')]).toEqual([1, 'joining']);
    pair.inputs(3, 10);
    pair.run(300);
    expect(pair.isProtected).toBe(true);
    expectPromises(pair);
  });

  it('R10: what the third copy has confirmed the new primary does, though it is alone and nothing goes on alone', () => {
    const pair = ofThree({ ifAlone: 'hold' });
    pair.boards.b.slowDown(30_000);
    pair.inputs(2);
    pair.runUntil(() => pair.boards.a.actedSeqs.length === 2);
    pair.third?.link.cut();
    pair.post({ type: 'linkLost', board: 'third', reason: 'ended' });
    pair.boards.a.halt();
    pair.cut('a');
    expect(pair.boards.b.executedSeqs).toEqual([]);
    pair.run(500);
    expect([pair.ledger.owner, pair.ledger.stopped]).toEqual(['b', false]);
    expect(pair.refsOf(pair.boards.b.actedSeqs)).toEqual(['i1', 'i2']);
    expect(pair.relay.seen.at(-1)?.level).toBe(pair.boards.a.acted[1]?.level);
  });

  it.each(['go-on', 'hold'] as const)('R10: a takeover waits for no third copy, which comes later (%s)', (ifAlone) => {
    const pair = ofThree({ ifAlone });
    pair.boards.a.onMoment = (moment, _seq, payload) =>
      moment === 'input-arrived' && payload[0] === 2 && pair.boards.a.halt();
    pair.inputs(4, 2);
    pair.run(2_000);
    expect([pair.ledger.owner, pair.ledger.stopped, pair.pair.phase]).toEqual(['b', false, 'serving']);
    expect(pair.upstream.answers.map(({ ref }) => ref).sort()).toEqual(['i1', 'i2', 'i3', 'i4']);
    expectPromises(pair);
  });
});

describe('verdicts', () => {
  it('R8: the ledger is told of none where the results are the same', () => {
    const pair = needingBoth();
    pair.inputs(4, 5);
    pair.run(200);
    expect(pair.upstream.answers).toHaveLength(4);
    expect([...pair.ledger.journal.verdicts]).toEqual([]);
  });

  it('R7: where the primary alone commits, what goes on alone is no question', () => {
    const pair = PairHarness.started({ config: { commitNeeds: 'primary', ifAlone: 'hold' } });
    pair.cut('b');
    pair.run(20);
    pair.input('x', 1);
    pair.run(60);
    expect(pair.answersTo('x')).toHaveLength(1);
    pair.reconnect('b');
    pair.run(400);
    expect(pair.isProtected).toBe(true);
  });
});
