import { describe, expect, it } from 'vitest';
import { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

describe('accepting inputs', () => {
  it('R1: neither upstream nor the primary hears of an input before the ledger has it', () => {
    const pair = PairHarness.started();
    pair.ledgerAnswers = false;
    pair.input('x', 1);
    pair.run(50);
    expect(pair.upstream.accepted).toEqual([]);
    expect(pair.links.a.sent.filter(({ message }) => message.kind === 'input')).toEqual([]);
    pair.ledgerAnswers = true;
    pair.run(50);
    expect(pair.upstream.accepted.map(({ ref }) => ref)).toEqual(['x']);
    expect(pair.boards.a.executedSeqs).toHaveLength(1);
    expectPromises(pair);
  });

  it('R1: a start skips what is left of the reserved seqs, so that none is used twice', () => {
    const pair = PairHarness.started({ config: { reserveSeqs: 8 } });
    pair.input('before', 1);
    pair.run(50);
    const reserved = pair.ledger.reservedThroughSeq;
    // It dies with an input that has a seq and is not in the ledger.
    pair.ledgerAnswers = false;
    pair.input('lost', 2);
    pair.run(5);
    pair.killGateway();
    pair.ledgerAnswers = true;
    pair.startGateway();
    pair.run(50);
    pair.input('after', 3);
    pair.run(50);
    expect(pair.seqOf('after')).toBe(reserved + 1);
    expect(pair.answersTo('lost')).toEqual([]);
    expectPromises(pair);
  });

  it('R1: inputs beyond the reserved range wait until more is reserved, and none is dropped', () => {
    const pair = PairHarness.started({ config: { reserveSeqs: 2 } });
    pair.inputs(9);
    pair.run(300);
    expect(pair.upstream.answers).toHaveLength(9);
    expectPromises(pair);
  });

  it('R4: "rejected" is a result: committed, answered and compared like any other', () => {
    const pair = PairHarness.started();
    for (const board of Object.values(pair.boards)) board.rejects = (payload) => payload[0] === 9;
    pair.input('good', 1);
    pair.input('bad', 9);
    pair.input('next', 2);
    pair.run(200);
    expect(pair.upstream.answers.map(({ ref, body }) => [ref, body === ''])).toEqual([
      ['good', false],
      ['bad', true],
      ['next', false],
    ]);
    expect(pair.boards.b.actedSeqs).toEqual(pair.boards.a.actedSeqs);
    expectPromises(pair);
  });

  it('R4: a primary that dies with half a result has given none: the backup answers', () => {
    const pair = PairHarness.started();
    pair.boards.a.onMoment = (moment) => moment === 'executing' && pair.boards.a.halt();
    pair.input('x', 1);
    pair.run(300);
    expect(pair.answersTo('x')).toHaveLength(1);
    expect(pair.ledger.input(pair.seqOf('x'))?.commit?.board).toBe('b');
    expectPromises(pair);
  });

  it('R6: a full gateway refuses clearly, and answers everything that it accepted', () => {
    const pair = PairHarness.started({ config: { maxPending: 3 } });
    pair.inputs(8);
    pair.run(300);
    expect(pair.upstream.refused).toEqual(['i4', 'i5', 'i6', 'i7', 'i8'].map((ref) => ({ ref, reason: 'full' })));
    expect(pair.upstream.answers.map(({ ref }) => ref)).toEqual(['i1', 'i2', 'i3']);
    expectPromises(pair);
  });

  it('R21: pair time goes on over a restart from where it was, and no faster than time', () => {
    const pair = PairHarness.started();
    pair.run(1_000);
    pair.input('before', 1);
    pair.run(40);
    pair.killGateway();
    pair.run(500);
    pair.startGateway();
    pair.run(60);
    const startedAtMs = pair.ledger.input(pair.seqOf('before'))?.pairTimeMs ?? Number.NaN;
    pair.run(1_000);
    pair.input('after', 2);
    pair.run(40);
    const sinceMs = (pair.ledger.input(pair.seqOf('after'))?.pairTimeMs ?? Number.NaN) - startedAtMs;
    expect(sinceMs).toBeGreaterThan(1_000);
    expect(sinceMs).toBeLessThan(1_100);
  });

  it('R9: an answer that has left is recorded, counted once, and not given again by the next start', () => {
    const pair = PairHarness.started();
    pair.inputs(3, 10);
    pair.run(60);
    expect(pair.pair.counts).toMatchObject({ answered: 3, refused: 0 });
    expect([...pair.ledger.journal.inputs.values()].map(({ emitted }) => emitted)).toEqual([true, true, true]);
    pair.boards.b.slowDown(60_000);
    pair.input('x', 5);
    pair.runUntil(() => [...pair.ledger.journal.inputs.values()].some(({ ref, emitted }) => ref === 'x' && emitted));
    pair.killGateway();
    pair.startGateway();
    pair.run(200);
    expect(pair.answersTo('x').map(({ repeat }) => repeat)).toEqual([false]);
  });

  it('R23: who sends an id again is told the seq that stands for it', () => {
    const pair = PairHarness.started();
    pair.input('x', 1);
    pair.run(40);
    pair.input('x', 1);
    pair.run(40);
    const seq = pair.seqOf('x');
    expect(pair.upstream.accepted).toEqual([
      { ref: 'x', seq },
      { ref: 'x', seq },
    ]);
    expect(pair.answersTo('x').map(({ repeat }) => repeat)).toEqual([false, true]);
  });

  it('R6: a tick that is due while the window is full is skipped and counted, also while another board takes over', () => {
    const pair = PairHarness.started();
    for (let n = 0; n < 5; n++) pair.tick();
    pair.run(50);
    expect(pair.boards.a.executedSeqs).toHaveLength(1);
    expect(pair.counts.get('ticks-skipped')).toBe(4);
    pair.boards.a.halt();
    for (let n = 0; n < 20; n++) pair.schedule.after(n * 5_000, () => pair.tick());
    pair.run(150);
    expect(pair.ledger.owner).toBe('b');
    const taken = [...pair.ledger.journal.inputs.values()].filter(({ kind }) => kind === 'tick').length;
    expect(taken + (pair.counts.get('ticks-skipped') ?? 0)).toBe(25);
    // One was at work on the primary when it died; none waited behind it.
    const givenAtUs = pair.ledger.notes.find(({ step }) => step === 'took-over')?.atUs ?? 0;
    const unfinishedThen = [...pair.ledger.journal.inputs.values()].filter(({ finished }) => !finished).length;
    expect(givenAtUs).toBeGreaterThan(0);
    expect(unfinishedThen).toBeLessThanOrEqual(1);
  });

  it('R23: who asks again under the same id gets the old answer, marked, and nothing is executed again', () => {
    const pair = PairHarness.started();
    pair.input('x', 1);
    pair.run(50);
    pair.input('x', 1);
    pair.run(50);
    expect(pair.answersTo('x').map(({ repeat }) => repeat)).toEqual([false, true]);
    expect(pair.boards.a.executedSeqs).toHaveLength(1);
    expectPromises(pair);
  });

  it('R23: who asks again while the first is at work gets the one answer', () => {
    const pair = PairHarness.started();
    pair.input('x', 1);
    pair.run(2);
    pair.input('x', 1);
    pair.run(100);
    expect(pair.boards.a.executedSeqs).toHaveLength(1);
    expect(pair.answersTo('x').filter(({ repeat }) => !repeat)).toHaveLength(1);
    expectPromises(pair);
  });

  it('R23: an answer that reached nobody is given, marked, when its id is asked for again', () => {
    const pair = PairHarness.started();
    pair.upstream.listening = false;
    pair.input('x', 1);
    pair.run(100);
    pair.upstream.listening = true;
    pair.input('x', 1);
    pair.run(50);
    expect(pair.answersTo('x')).toEqual([
      { body: expect.any(String), repeat: true, ref: 'x', seq: 1, atUs: expect.any(Number) },
    ]);
    expect(pair.boards.a.executedSeqs).toHaveLength(1);
  });
});
