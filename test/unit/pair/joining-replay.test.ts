import { describe, expect, it } from 'vitest';
import { type HarnessOptions, PairHarness } from './fixture/pair-harness.js';
import { brokenPromises } from './fixture/promises.js';
import { expectInStep } from './joining-kit.js';

describe('boards that cannot transfer their state', () => {
  const options: HarnessOptions = { transfersState: false, config: { joinComparisons: 2, probeEveryUs: 30_000 } };

  /** The backup has restarted, and has executed two of four again. */
  function replaying(): PairHarness {
    const pair = PairHarness.started(options);
    pair.inputs(4, 10);
    pair.run(80);
    pair.boards.b.restart();
    pair.runUntil(() =>
      pair.boards.b.executions.some(({ boot, executionCount }) => boot === 2 && executionCount === 2),
    );
    return pair;
  }

  it('R25: join by executing again all that the pair has executed, with the values that were read then', () => {
    const pair = PairHarness.started(options);
    pair.boards.a.reading = 17;
    pair.inputs(4, 10);
    pair.run(120);
    const executed = pair.boards.a.executions.length;
    const probes = pair.boards.a.executions.filter(({ probe }) => probe);
    expect(probes.length).toBeGreaterThan(0);
    pair.boards.b.restart();
    pair.runUntil(() => pair.joinStepOf('b') === 'comparing');
    const again = pair.boards.b.executions.filter(({ boot }) => boot === 2);
    expect(again.length).toBeGreaterThanOrEqual(executed);
    const first = pair.boards.a.executions.slice(0, again.length);
    expect(again.map(({ seq, level }) => [seq, level])).toEqual(first.map(({ seq, level }) => [seq, level]));
    pair.inputs(3, 10, 'j');
    pair.run(200);
    expectInStep(pair);
  });

  it('R25: are made to restart first when they have executed anything', () => {
    const pair = PairHarness.started(options);
    pair.inputs(2, 10);
    pair.run(60);
    pair.cut('b');
    pair.run(20);
    pair.reconnect('b');
    pair.run(300);
    expect([pair.boards.b.resets, pair.boards.b.boot]).toEqual([1, 2]);
    expectInStep(pair);
  });

  it('R8, R25: that were locked out replay all of it as well, and are not taken for late ones', () => {
    const pair = PairHarness.started(options);
    pair.inputs(4, 10);
    pair.run(80);
    pair.boards.a.restart();
    pair.run(600);
    expect(pair.ledger.owner).toBe('b');
    expect(pair.ledger.refused).toEqual([]);
    expect(pair.sentKinds('a')).not.toContain('violation');
    expectInStep(pair);
  });

  it('R25: catch up with what the primary executes meanwhile', () => {
    const pair = PairHarness.started(options);
    pair.inputs(80, 7);
    pair.run(400);
    pair.boards.b.restart();
    pair.run(2_000);
    expect(pair.upstream.answers).toHaveLength(80);
    expectInStep(pair);
  });

  it('R25: are kept out when the ledger no longer has all of it, and say so', () => {
    const pair = PairHarness.started(options);
    pair.inputs(4, 10);
    pair.run(100);
    pair.ledger.historyForgottenThrough = 2;
    pair.boards.b.restart();
    pair.run(300);
    expect(pair.memberStateOf('b')).toBe('kept-out');
    const fault = pair.ledger.faults.find(({ code }) => code === 'joining-failed');
    expect(fault?.evidence['why']).toBe('the ledger no longer has all that the pair has executed');
    expect(brokenPromises(pair)).toEqual([]);
  });

  it('R25: are not compared further when a replayed result differs from the committed one', () => {
    const pair = PairHarness.started(options);
    pair.inputs(4, 10);
    pair.run(100);
    pair.boards.b.corrupt = () => 1;
    pair.boards.b.restart();
    pair.run(100);
    const fault = pair.ledger.faults.find(({ code }) => code === 'joining-failed');
    expect(fault?.evidence).toMatchObject({
      step: 'replaying',
      why: 'a replayed result differs from the committed one',
    });
    expect(pair.memberStatesOf('b').at(-1)).toBe('set-aside');
    pair.boards.b.corrupt = () => 0;
    pair.run(1_000);
    expectInStep(pair);
  });

  it('R17, R25: a ledger that takes its time costs them no attempt', () => {
    const pair = PairHarness.started(options);
    pair.inputs(3, 10);
    pair.run(60);
    pair.boards.b.restart();
    pair.runUntil(() => pair.joinStepOf('b') === 'replaying');
    pair.ledgerAnswers = false;
    pair.run(900);
    expect(pair.joinStepOf('b')).toBe('replaying');
    pair.ledgerAnswers = true;
    pair.run(300);
    expect(pair.ledger.faultCodes()).not.toContain('joining-failed');
    expectInStep(pair);
  });

  it('R25: history that comes twice, or late, is nothing', () => {
    const pair = replaying();
    for (const after of [0, 1, 2, 3, 99]) {
      pair.post({ type: 'historyRead', board: 'b', after, inputs: null });
      pair.post({ type: 'historyRead', board: 'b', after, inputs: [] });
    }
    pair.run(300);
    expect(pair.ledger.faultCodes()).not.toContain('joining-failed');
    expectInStep(pair);
  });

  it('R25: a DONE of something else moves them no further', () => {
    const pair = replaying();
    for (const seq of [1, 2, 3, 4, 5, 99]) pair.forge('b', { kind: 'done', seq, stale: false, readBack: [] });
    pair.run(400);
    const again = pair.boards.b.executions.filter(({ boot }) => boot === 2).map(({ seq }) => seq);
    expect(again).toEqual(pair.boards.a.executedSeqs.slice(0, again.length));
    expect(pair.boards.b.complaints).toEqual([]);
    expectInStep(pair);
  });

  it('R25, R27: are kept out when a part of it was read back from a board and has no payload', () => {
    const pair = PairHarness.started(options);
    pair.inputs(4, 10);
    pair.run(80);
    Object.assign(pair.ledger.input(pair.seqOf('i2')) ?? {}, { kind: 'recovered' });
    pair.boards.b.restart();
    pair.run(200);
    expect(pair.memberStateOf('b')).toBe('kept-out');
  });

  it('R25: repeat what is lost on the way, and wait for a slow ledger', () => {
    for (let skip = 0; skip < 6; skip++) {
      for (const direction of ['toBoard', 'fromBoard'] as const) {
        const pair = PairHarness.started(options);
        pair.inputs(3, 10);
        pair.run(60);
        pair.boards.b.restart();
        pair.runUntil(() => pair.joinStepOf('b') === 'replaying');
        let left = skip;
        const lane: { loseNext(match: () => boolean): void } = pair.links.b[direction];
        lane.loseNext(() => left-- === 0);
        if (skip === 5) {
          pair.ledgerAnswers = false;
          pair.run(500);
          pair.ledgerAnswers = true;
        }
        pair.run(500);
        expectInStep(pair);
      }
    }
  });
});
