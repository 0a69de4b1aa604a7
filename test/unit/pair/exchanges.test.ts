import { describe, expect, it } from 'vitest';
import type { Result } from '../../../src/pair/result/messages.js';
import type { Exchange } from '../../../src/pair/state/board-state.js';
import { alone } from './fixture/alone.js';
import { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

function inputsTo(pair: PairHarness, board: 'a' | 'b', sinceUs = 0): string[] {
  return pair.refsOf(
    pair.links[board].sent.flatMap(({ atUs, message }) =>
      message.kind === 'input' && atUs >= sinceUs ? [message.seq] : [],
    ),
  );
}

function commitsTo(pair: PairHarness, board: 'a' | 'b') {
  return pair.links[board].sent.flatMap(({ message }) => (message.kind === 'commit' ? [message] : []));
}

function exchangeOf(pair: PairHarness, board: 'a' | 'b', seq: number): Exchange | undefined {
  return pair.pair.boards.get(board)?.work.exchanges.get(seq);
}

function resultOf(pair: PairHarness, board: 'a' | 'b', seq: number): Result {
  const result = exchangeOf(pair, board, seq)?.result;
  if (result == null) throw new Error('no result');
  return result;
}

describe('a result that is missing', () => {
  it('R3, R14: is asked for again at once when a later one is there, once, and counted as a degraded link', () => {
    const pair = PairHarness.started({ window: 3 });
    // The first one, and the answer to the first repeat: the board says it a third time by itself.
    pair.links.a.fromBoard.loseNext(({ message }) => message.kind === 'result' && message.seq === 1, 2);
    pair.inputs(3);
    pair.runUntil(() => exchangeOf(pair, 'a', 3)?.state === 'out-of-order');
    pair.run(6);
    // Which of those without a result was executed before it, only the board knows.
    expect(inputsTo(pair, 'a')).toEqual(['i1', 'i2', 'i3', 'i1', 'i3']);
    expect(commitsTo(pair, 'a')).toEqual([]);
    const sent = pair.links.a.sent.length;
    pair.forge('a', resultOf(pair, 'a', 2));
    // It waits for the missing one: there is nothing to say to it yet.
    expect(pair.links.a.sent).toHaveLength(sent);
    pair.run(100);
    expect(pair.refsOf(pair.boards.a.actedSeqs)).toEqual(['i1', 'i2', 'i3']);
    expect(pair.counts.get('link-degraded')).toBe(2);
    const told = pair.ledger.faults.map(({ code, board, seq, evidence }) => ({ code, board, seq, evidence }));
    const evidence = { repeated: 'INPUT', repeats: 1 };
    expect(told).toEqual([1, 3].map((seq) => ({ code: 'link-degraded', board: 'a', seq, evidence })));
    expectPromises(pair);
  });

  it('R3, R27: after a start comes as the board finds time: nothing was lost, and nothing is asked for twice', () => {
    const pair = PairHarness.started({ window: 3 });
    let turn = 0;
    pair.boards.a.chooseNext = (queued) => {
      if (turn === 0 && queued.length < 3) return null;
      return queued[turn++ === 0 ? 2 : 0] ?? null;
    };
    pair.links.a.fromBoard.loses = ({ message }) => message.kind === 'result';
    pair.inputs(3);
    pair.runUntil(() => pair.boards.a.executedSeqs.length === 3);
    pair.killGateway();
    // No DONE for a moment: what is granted next does not wait for it.
    pair.links.a.fromBoard.loses = ({ message }) => message.kind === 'done';
    pair.startGateway();
    const atUs = pair.schedule.nowUs;
    pair.run(12);
    expect(pair.refsOf(pair.boards.a.actedSeqs)).toEqual(['i3', 'i1', 'i2']);
    pair.links.a.fromBoard.loses = () => false;
    expect(inputsTo(pair, 'a', atUs)).toEqual(['i3', 'i1', 'i2']);
    pair.run(60);
    pair.input('more', 7);
    pair.run(60);
    expect(inputsTo(pair, 'a', atUs)).toEqual(['i3', 'i1', 'i2', 'more']);
    expect(pair.upstream.answers).toHaveLength(4);
    expect(pair.refsOf(pair.boards.b.executedSeqs)).toEqual(['i3', 'i1', 'i2', 'more']);
    expectPromises(pair);
  });
});

describe('a result that comes again', () => {
  it('R8, R11: after its grant is answered with the COMMIT of the one that was taken first', () => {
    const pair = PairHarness.started();
    pair.links.a.toBoard.loseNext(({ message }) => message.kind === 'commit', 2);
    pair.input('x', 1);
    pair.runUntil(() => commitsTo(pair, 'a').length === 1);
    const result = resultOf(pair, 'a', 1);
    pair.forge('a', { ...result, hash: 12345 });
    expect(commitsTo(pair, 'a').map(({ hash }) => hash)).toEqual([result.hash, result.hash]);
    pair.run(100);
    expect(pair.boards.a.actedSeqs).toEqual([1]);
    expectPromises(pair);
  });
});

describe('a grant', () => {
  it('R8: that comes twice, for another session, or for nothing, sends no COMMIT', () => {
    const pair = PairHarness.started();
    pair.ledgerUs = () => 10_000;
    pair.input('x', 1);
    pair.runUntil(() => exchangeOf(pair, 'a', 1)?.state === 'awaiting-commit');
    const { session } = pair.boards.a;
    const { hash } = resultOf(pair, 'a', 1);
    const grant = { type: 'commitAnswered', board: 'a', session, seq: 1, hash, outcome: 'granted' } as const;
    pair.post({ ...grant, session: session + 1 });
    pair.post({ ...grant, seq: 99 });
    expect([exchangeOf(pair, 'a', 1)?.state, commitsTo(pair, 'a')]).toEqual(['awaiting-commit', []]);
    pair.runUntil(() => commitsTo(pair, 'a').length === 1);
    pair.post(grant);
    expect(commitsTo(pair, 'a')).toHaveLength(1);
    pair.run(200);
    expectPromises(pair);
  });

  it('R9, R10: of a primary whose link is lost waits for it: no COMMIT goes out, and the result is not lost', () => {
    const pair = alone();
    pair.ledgerUs = () => 10_000;
    pair.input('x', 2);
    pair.runUntil(() => exchangeOf(pair, 'a', pair.pair.seqs.nextSeq - 1)?.state === 'awaiting-commit');
    const commits = commitsTo(pair, 'a').length;
    pair.cut('a');
    pair.run(50);
    expect(pair.ledger.input(pair.seqOf('x'))?.commit?.board).toBe('a');
    expect(commitsTo(pair, 'a')).toHaveLength(commits);
    pair.reconnect('a');
    pair.run(200);
    expect(pair.boards.a.executedSeqs).toHaveLength(2);
    expect(pair.answersTo('x')).toHaveLength(1);
    expectPromises(pair);
  });

  it('R8, R22: after a stop lets nobody act; what was refused is not committed, what was granted is', () => {
    const pair = PairHarness.started({ window: 2 });
    pair.ledgerUs = () => 10_000;
    pair.inputs(2);
    pair.runUntil(() => exchangeOf(pair, 'a', 2)?.state === 'awaiting-commit');
    const { session } = pair.boards.a;
    const { hash } = resultOf(pair, 'a', 1);
    pair.post({ type: 'commitAnswered', board: 'a', session, seq: 1, hash, outcome: 'not-owner' });
    expect(pair.pair.phase).toBe('stopped');
    expect(pair.pair.queue.inputs.get(1)?.commit).toBeNull();
    pair.run(60);
    expect(pair.pair.queue.inputs.get(2)?.commit?.board).toBe('a');
    expect([commitsTo(pair, 'a'), pair.boards.a.actedSeqs, pair.upstream.answers]).toEqual([[], [], []]);
  });
});

describe('DONE', () => {
  it.each([
    [false, 'sent'],
    [true, 'awaiting-commit'],
  ] as const)(
    'R15, R27: is evidence also for what was in work when the host lost power (stale: %s, the input is %s)',
    (stale, state) => {
      const pair = PairHarness.started();
      pair.boards.a.slowDown(30_000);
      pair.input('x', 1);
      pair.run(5);
      pair.losePower(pair.ledger.journal);
      pair.startGateway();
      pair.ledgerUs = () => 8_000;
      pair.runUntil(() => exchangeOf(pair, 'a', 1)?.state === state);
      expect(pair.pair.queue.inputs.get(1)?.tailLost).toBe(true);
      pair.forge('a', { kind: 'done', seq: 1, stale, readBack: [] });
      pair.run(10);
      const fault = pair.ledger.faults.find(({ code }) => code === 'done-without-commit');
      expect(fault).toMatchObject({ board: 'a', seq: 1, evidence: { stale } });
    },
  );
});

describe('the deadline of an input', () => {
  it('R14: is one for RESULT and DONE together, and the time of the ledger does not count', () => {
    const pair = PairHarness.started();
    pair.inputs(1);
    pair.run(40);
    pair.boards.a.slowDown(40_000);
    pair.ledgerUs = () => 15_000;
    pair.links.a.toBoard.loses = ({ message }) => message.kind === 'commit';
    pair.input('x', 1);
    pair.runUntil(() => commitsTo(pair, 'a').length === 2);
    const [, commit] = pair.links.a.sent.filter(({ message }) => message.kind === 'commit');
    const given = pair.links.a.sent.find(({ message }) => message.kind === 'input' && message.seq === 2);
    const untilResultUs = 1_000 + 42_000 + 1_000;
    expect((commit?.atUs ?? 0) - (given?.atUs ?? 0)).toBeGreaterThan(untilResultUs + 10_000);
    pair.runUntil(() => pair.ledger.fences.length > 0, 300);
    const silent = pair.ledger.faults.find(({ code }) => code === 'silent');
    expect(silent).toMatchObject({ board: 'a', seq: 2, evidence: { waitedFor: 'DONE', waitedForMs: 60 } });
    expect((silent?.atUs ?? 0) - (commit?.atUs ?? 0)).toBe(pair.config.deadlineUs - untilResultUs);
    pair.links.a.toBoard.loses = () => false;
    pair.run(300);
    expect(pair.answersTo('x')).toHaveLength(1);
    expectPromises(pair);
  });
});
