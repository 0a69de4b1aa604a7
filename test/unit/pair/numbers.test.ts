import { describe, expect, it } from 'vitest';
import type { LedgerRequest } from '../../../src/pair/state/effects.js';
import { type HarnessOptions, PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

const MAX_SEQ = 2 ** 32 - 1;

/** A pair whose ledger has given out all seqs up to this one. */
function numberedFrom(reservedThroughSeq: number, options: HarnessOptions = {}): PairHarness {
  const pair = PairHarness.of(options);
  pair.ledger.reservedThroughSeq = reservedThroughSeq;
  pair.start();
  return pair;
}

describe('the numbers of inputs', () => {
  it('R1: are reserved ahead: the next range when half of one is left, and not before', () => {
    const pair = PairHarness.of({ config: { reserveSeqs: 4 } });
    const reserved: number[] = [];
    const apply = pair.ledger.apply.bind(pair.ledger);
    pair.ledger.apply = (request: LedgerRequest) => {
      if (request.type === 'reserveSeqs') reserved.push(request.throughSeq);
      return apply(request);
    };
    pair.start();
    const after = [1, 2, 3, 4, 5, 6].map((n) => {
      pair.input(`i${n}`, n);
      pair.run(30);
      return [...reserved];
    });
    expect(after.map((all) => all.join())).toEqual(['4', '4,8', '4,8', '4,8', '4,8', '4,8,12']);
    expectPromises(pair);
  });

  it('R1: that are used up stop the pair, and nobody can have it go on', () => {
    const pair = numberedFrom(MAX_SEQ - 2);
    pair.inputs(1);
    pair.run(60);
    expect(pair.boards.b.actedSeqs).toEqual([MAX_SEQ - 1]);
    expect(pair.ledger.stopped).toBe(false);
    pair.input('last', 2);
    pair.input('more', 3);
    pair.run(60);
    expect(pair.boards.b.actedSeqs).toEqual([MAX_SEQ - 1, MAX_SEQ]);
    expect(pair.upstream.answers).toHaveLength(2);
    expect(pair.ledger.stopped).toBe(true);
    expect(pair.ledger.faults.at(-1)?.evidence['why']).toBe('the numbers of inputs are used up: begin a new ledger');
    expect(pair.upstream.refused).toEqual([{ ref: 'more', reason: 'stopped' }]);
    const ref = pair.command({ command: 'resume' });
    expect(pair.commands.get(ref)).toBe('refused: The numbers of inputs are used up: begin a new ledger.');
    pair.run(100);
    expect([pair.pair.phase, pair.ledger.stopped]).toEqual(['stopped', true]);
  });

  it('R1, R22: of which one is left: a pair that was stopped goes on with it', () => {
    const pair = numberedFrom(MAX_SEQ - 2, { config: { onMismatch: 'stop' } });
    pair.boards.b.corrupt = () => 1;
    pair.input('x', 1);
    pair.run(60);
    expect(pair.ledger.stopped).toBe(true);
    pair.boards.b.corrupt = () => 0;
    const ref = pair.command({ command: 'resume' });
    expect(pair.commands.get(ref)).toBe('done: The pair starts again.');
    pair.run(100);
    expect([pair.pair.phase, pair.pair.seqs.nextSeq, pair.isProtected]).toEqual(['serving', MAX_SEQ, true]);
  });
});

describe('what nobody asked for', () => {
  it('R9, R16: probes are answered to nobody, counted as no answer, and in the ledger as no emission', () => {
    const pair = PairHarness.started({ config: { probeEveryUs: 10_000 } });
    pair.run(100);
    expect(pair.counts.get('probes')).toBeGreaterThan(3);
    expect(pair.pair.counts.answered).toBe(0);
    expect(pair.ledger.applied).not.toContain('recordEmitted');
    expect(pair.ledger.complaints).toEqual([]);
  });

  it('R10: the first answer of a takeover is the first that the new primary has committed, not an adopted one', () => {
    const pair = PairHarness.started();
    const { a } = pair.boards;
    // It acts on nothing more; what was committed the backup adopts.
    a.onMoment = (moment, _seq, payload) => moment === 'commit-arrived' && payload[0] === 2 && a.halt();
    pair.inputs(3, 5);
    pair.run(300);
    expect(pair.ledger.input(pair.seqOf('i2'))?.commit?.board).toBe('a');
    const answers = pair.ledger.notes.filter(({ step }) => step === 'first-answer');
    expect(answers.map(({ detail }) => detail)).toEqual([{ board: 'b', input: pair.seqOf('i3') }]);
    expect(pair.upstream.answers).toHaveLength(3);
    expectPromises(pair);
  });
});

describe('a stopped pair that goes on', () => {
  it('R27: waits for a board whose link is down as long as for any other at a start', () => {
    const pair = PairHarness.started({ config: { onMismatch: 'stop' } });
    pair.boards.b.corrupt = () => 1;
    pair.input('x', 1);
    pair.run(60);
    pair.boards.b.corrupt = () => 0;
    pair.cut('b');
    pair.run(5);
    pair.command({ command: 'resume' });
    pair.run(60);
    expect(pair.pair.phase).toBe('starting');
    pair.run(100);
    expect([pair.pair.phase, pair.ledger.owner]).toEqual(['serving', 'a']);
    pair.reconnect('b');
    pair.run(200);
    expect(pair.isProtected).toBe(true);
  });
});
