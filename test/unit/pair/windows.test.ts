import { describe, expect, it } from 'vitest';
import { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';
import { stride } from './fixture/thin-out.js';

/** Most inputs that a board had at once, taken but not yet acted on. */
function watchWork(pair: PairHarness, board: 'a' | 'b'): () => number {
  let inWork = 0;
  let most = 0;
  pair.boards[board].onMoment = (moment) => {
    if (moment === 'input-arrived') most = Math.max(most, ++inWork);
    if (moment === 'acted') inWork--;
  };
  return () => most;
}

describe('windows larger than one', () => {
  it('R3: the backup has several copies at once, each for the place that the primary gave it', () => {
    const pair = PairHarness.started({ window: 4 });
    const most = watchWork(pair, 'b');
    pair.inputs(12);
    pair.run(200);
    expect(most()).toBeGreaterThan(1);
    const copies = pair.links.b.sent.flatMap(({ message }) => (message.kind === 'input' ? [message] : []));
    const places = pair.boards.a.executions.map(({ seq, executionCount }) => [seq, executionCount]);
    expect(copies.map(({ seq, position }) => [seq, position])).toEqual(places);
    // The primary executes in whatever order it likes.
    const originals = pair.links.a.sent.flatMap(({ message }) => (message.kind === 'input' ? [message.position] : []));
    expect(new Set(originals)).toEqual(new Set([0]));
    expectPromises(pair);
  });

  it.each([2, 3, 4])('R3: results out of order (window %i): the copies have the order of execution', (window) => {
    for (let salt = 0; salt < 12; salt += stride) {
      const pair = PairHarness.started({ window });
      let turn = salt;
      pair.boards.a.chooseNext = (queued) => queued[(turn++ * 7 + salt) % queued.length] ?? null;
      pair.inputs(12);
      pair.run(400);
      const executed = pair.boards.a.executedSeqs;
      expect(executed).toHaveLength(12);
      expect(pair.boards.b.executedSeqs).toEqual(executed);
      expect(pair.boards.b.actedSeqs).toEqual(executed);
      expect(pair.upstream.answers).toHaveLength(12);
      expectPromises(pair);
    }
  });

  it('R3: the backup does not choose: whatever it would like to take first', () => {
    const pair = PairHarness.started({ window: 4 });
    pair.boards.b.chooseNext = (queued) => queued[queued.length - 1] ?? null;
    pair.boards.b.slowDown(15_000);
    pair.inputs(8);
    pair.run(300);
    expect(pair.boards.b.executedSeqs).toEqual(pair.boards.a.executedSeqs);
    expectPromises(pair);
  });

  it.each(['input', 'commit'] as const)(
    'R3, R14: a lost %s of the backup changes no order, and costs no board its place',
    (kind) => {
      for (let skip = 0; skip < 8; skip++) {
        const pair = PairHarness.started({ window: 4 });
        let left = skip;
        pair.links.b.toBoard.loseNext(({ message }) => message.kind === kind && left-- === 0);
        pair.inputs(8);
        pair.run(400);
        expect(pair.links.b.toBoard.lost).toBe(1);
        expect(pair.boards.b.executedSeqs).toEqual(pair.boards.a.executedSeqs);
        expect(pair.boards.b.actedSeqs).toEqual(pair.boards.a.actedSeqs);
        expect(pair.memberStatesOf('b')).toEqual(['set-aside', 'joining', 'in-sync']);
        expect(pair.counts.get('link-degraded')).toBeGreaterThan(0);
        expectPromises(pair);
      }
    },
  );

  it.each(['result', 'done'] as const)(
    'R3, R14: a lost %s of the backup changes no order, and costs no board its place',
    (kind) => {
      for (let skip = 0; skip < 8; skip++) {
        const pair = PairHarness.started({ window: 4 });
        let left = skip;
        pair.links.b.fromBoard.loseNext(({ message }) => message.kind === kind && left-- === 0);
        pair.inputs(8);
        pair.run(400);
        expect(pair.links.b.fromBoard.lost).toBe(1);
        expect(pair.boards.b.actedSeqs).toEqual(pair.boards.a.actedSeqs);
        expect(pair.memberStatesOf('b')).toEqual(['set-aside', 'joining', 'in-sync']);
        expectPromises(pair);
      }
    },
  );

  it('R3: nor is the backup given what lies a window beyond an older seq that it still has in work', () => {
    const pair = PairHarness.started({ window: 3 });
    const wanted = [3, 1, 2, 6, 4, 5, 9, 7, 8];
    pair.boards.a.chooseNext = (queued) => {
      const next = wanted[pair.boards.a.executions.length];
      return next !== undefined && queued.includes(next) ? next : null;
    };
    pair.boards.b.slowDown(40_000);
    const open = new Set<number>();
    let span = 0;
    pair.boards.b.onMoment = (moment, seq) => {
      if (moment === 'input-arrived') open.add(seq);
      if (moment === 'acted') open.delete(seq);
      if (open.size > 0) span = Math.max(span, Math.max(...open) - Math.min(...open));
    };
    pair.inputs(9);
    pair.run(400);
    expect(pair.boards.b.executedSeqs).toEqual(wanted);
    expect(span).toBe(2);
    expectPromises(pair);
  });

  it('R5, R6: a primary at full speed with a window of four does not outrun its backup', () => {
    const pair = PairHarness.started({ window: 4, config: { maxPending: 300 } });
    pair.inputs(250);
    pair.run(2_000);
    expect(pair.upstream.answers).toHaveLength(250);
    expect(pair.ledger.faults).toEqual([]);
    expect(pair.isProtected).toBe(true);
    expectPromises(pair);
  });

  it('R3, R10: copies that are under way when the primary dies are executed in its order, and nothing twice', () => {
    for (let atMs = 4; atMs < 20; atMs += stride) {
      const pair = PairHarness.started({ window: 4 });
      let turn = 0;
      pair.boards.a.chooseNext = (queued) => queued[(turn++ * 5) % queued.length] ?? null;
      pair.inputs(8);
      pair.run(atMs);
      pair.boards.a.restart();
      pair.run(400);
      expect(pair.upstream.answers).toHaveLength(8);
      expect(new Set(pair.boards.b.executedSeqs).size).toBe(8);
      expectPromises(pair);
    }
  });

  it('R6: no more is under way than the receive buffer of the board holds', () => {
    const pair = PairHarness.started({ window: 4, rxBytes: { a: 90, b: 1024 } });
    const most = watchWork(pair, 'a');
    pair.inputs(10);
    pair.run(300);
    expect(most()).toBe(2);
    expect(pair.upstream.answers).toHaveLength(10);
    expectPromises(pair);
  });

  it('R6: nor than the configuration allows', () => {
    const pair = PairHarness.started({ window: 6, config: { maxWindow: 3 } });
    const most = watchWork(pair, 'a');
    pair.inputs(10);
    pair.run(300);
    expect(most()).toBe(3);
    expectPromises(pair);
  });

  it('R3: seq n + window is not sent before n is done, in whatever order the others come to their end', () => {
    const pair = PairHarness.started({ window: 3 });
    pair.boards.a.chooseNext = (queued) => queued[queued.length - 1] ?? null;
    const open = new Set<number>();
    const spans: number[] = [];
    pair.boards.a.onMoment = (moment, seq) => {
      if (moment === 'input-arrived') open.add(seq);
      if (moment === 'acted') open.delete(seq);
      spans.push(Math.max(0, ...open) - Math.min(...open, Math.max(0, ...open)));
    };
    pair.inputs(15);
    pair.run(400);
    expect(Math.max(...spans)).toBe(2);
    expect(pair.upstream.answers).toHaveLength(15);
    expectPromises(pair);
  });
});
