import { describe, expect, it } from 'vitest';
import { finishIfOver } from '../../../src/pair/input/finish.js';
import type { Input, Step } from '../../../src/pair/state/pair-state.js';
import type { Journal } from './fixture/memory-ledger.js';
import { type HarnessOptions, PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

/** A protected pair that has answered three inputs; `journal` is what its file held then. */
function servedThree(options: HarnessOptions = {}): { pair: PairHarness; journal: Journal } {
  const pair = PairHarness.started({ window: 2, ...options });
  pair.inputs(3, 5, 'old');
  pair.run(100);
  expect(pair.upstream.answers).toHaveLength(3);
  return { pair, journal: structuredClone(pair.ledger.journal) };
}

function executedTwice(pair: PairHarness): number[] {
  return [pair.boards.a, pair.boards.b].flatMap(({ executions }) => {
    const seqs = executions.map(({ seq }) => seq);
    return seqs.filter((seq, index) => seqs.indexOf(seq) !== index);
  });
}

function seqOnceAccepted(pair: PairHarness, ref: string): number {
  pair.input(ref, 2);
  pair.runUntil(() => pair.upstream.accepted.some((accepted) => accepted.ref === ref));
  return pair.seqOf(ref);
}

/** The gateway ends in a planned switchover to b, and of its journal no more is left. */
function expectItGoesOn(pair: PairHarness, journal: Journal): void {
  pair.ledger.takeover = { faultId: 1, from: 'a', to: 'b', reason: 'switched-over', planned: true };
  pair.killAndLoseTail(journal);
  pair.startGateway();
  pair.input('new', 3);
  pair.run(1_500);
  expect(pair.ledger.stopped).toBe(false);
  expect([pair.answersTo('new').length, pair.isProtected]).toEqual([1, true]);
  expect(executedTwice(pair)).toEqual([]);
}

const BLAMES = ['done-without-commit', 'unknown-result', 'failed', 'restarted', 'silent', 'pair-stopped'];

function expectNobodyBlamed(pair: PairHarness): void {
  expect(pair.ledger.faultCodes().filter((code) => BLAMES.includes(code))).toEqual([]);
}

describe('a ledger that has lost its tail', () => {
  it('R1, R27: numbers what comes before the boards were heard above all that they have been given', () => {
    const { pair, journal } = servedThree();
    const reserved = pair.ledger.reservedThroughSeq;
    pair.inputs(40, 5, 'lost');
    pair.run(600);
    expect(pair.answersTo('lost40')).toHaveLength(1);
    pair.killAndLoseTail(journal);
    // So too what was reserved meanwhile: all of it was in memory that stood in for files which could not be written.
    pair.ledger.reservedThroughSeq = reserved;
    pair.startGateway();
    // Clients wait at the door: they ask before any board has said HELLO.
    pair.inputs(3, 0, 'new');
    pair.run(1_000);
    expect(['new1', 'new2', 'new3'].map((ref) => pair.answersTo(ref).length)).toEqual([1, 1, 1]);
    expect(executedTwice(pair)).toEqual([]);
    expectNobodyBlamed(pair);
    expect(pair.ledger.faultCodes()).toContain('ledger-tail-lost');
    expect(pair.isProtected).toBe(true);
  });

  it('R27: waits for nobody else with what it had recovered from its primary, once that has acted on it', () => {
    const { pair } = servedThree();
    pair.input('lost', 4);
    pair.runUntil(() => pair.boards.a.executedSeqs.length === 4);
    const { pair: state } = pair;
    const [input] = [...state.queue.inputs.values()];
    if (input === undefined) throw new Error('nothing is in work');
    const isOver = (change: Partial<Input>): boolean => {
      const step: Step = { pair: state, atUs: pair.schedule.nowUs, effects: [], answers: [] };
      finishIfOver(step, { ...input, doneBy: new Set(['a']), commit: null, ...change });
      return step.effects.some(({ type }) => type === 'finishInput' || type === 'dropInput');
    };
    // The backup is in the pair, and is never given it: what it said is lost.
    expect(pair.memberStateOf('b')).toBe('in-sync');
    expect(isOver({ kind: 'input' })).toBe(false);
    expect(isOver({ kind: 'recovered' })).toBe(true);
  });

  it('R1, R27: nor what was on its way to a board that had said HELLO already', () => {
    const { pair } = servedThree();
    const reserved = pair.ledger.reservedThroughSeq;
    pair.killGateway();
    pair.startGateway();
    pair.runUntil(() => pair.isProtected);
    const journal = structuredClone(pair.ledger.journal);
    pair.boards.a.slowDown(6_000);
    const lost = seqOnceAccepted(pair, 'lost');
    pair.run(2);
    pair.links.b.cut();
    pair.killAndLoseTail(journal);
    pair.ledger.reservedThroughSeq = reserved;
    pair.startGateway();
    pair.inputs(3, 0, 'new');
    pair.runUntil(() => pair.boards.a.executions.some(({ seq }) => seq === lost));
    expect(pair.pair.boards.get('a')?.session.state).toBe('hello-received');
    pair.reconnect('b');
    pair.run(1_500);
    expect(['new1', 'new2', 'new3'].map((ref) => pair.answersTo(ref).length)).toEqual([1, 1, 1]);
    expect(['new1', 'new2', 'new3'].map((ref) => pair.seqOf(ref))).not.toContain(lost);
    expect(executedTwice(pair)).toEqual([]);
    expectNobodyBlamed(pair);
    expect(pair.isProtected).toBe(true);
  });

  it('R1: accepts nothing before the boards were heard, and all of it then', () => {
    const { pair } = servedThree();
    pair.killGateway();
    pair.links.a.cut();
    pair.startGateway();
    pair.inputs(3, 0, 'new');
    pair.run(20);
    expect(pair.upstream.accepted.filter(({ ref }) => ref.startsWith('new'))).toEqual([]);
    pair.reconnect('a');
    pair.run(300);
    expect(pair.upstream.accepted.filter(({ ref }) => ref.startsWith('new'))).toHaveLength(3);
  });

  it('R1, R27: numbers nothing for a board that is not there before it counts as missing, and lets it join anew', () => {
    const { pair, journal } = servedThree();
    const reserved = pair.ledger.reservedThroughSeq;
    pair.inputs(40, 5, 'lost');
    pair.run(600);
    pair.killAndLoseTail(journal);
    pair.ledger.reservedThroughSeq = reserved;
    pair.links.b.cut();
    pair.startGateway();
    pair.inputs(3, 0, 'new');
    pair.run(1_000);
    expect(pair.answersTo('new3')).toHaveLength(1);
    pair.reconnect('b');
    pair.run(1_000);
    expect(pair.isProtected).toBe(true);
    expect(executedTwice(pair)).toEqual([]);
    expect(pair.ledger.faultCodes().filter((code) => code === 'pair-stopped')).toEqual([]);
  });

  it('R27: what both boards acted on long ago, and no longer keep, is answered RESULT_LOST, and nobody is blamed', () => {
    const { pair } = servedThree();
    // Recorded, and in work: their commits are what is lost.
    pair.ledger.keepHistory = true;
    pair.inputs(12, 0, 'lost');
    pair.runUntil(() => pair.upstream.accepted.some(({ ref }) => ref === 'lost12'));
    const journal = structuredClone(pair.ledger.journal);
    pair.run(600);
    expect(pair.answersTo('lost12')).toHaveLength(1);
    pair.killAndLoseTail(journal);
    pair.startGateway();
    pair.run(1_000);
    const lost = pair.upstream.refused.filter(({ reason }) => reason === 'result-lost').map(({ ref }) => ref);
    expect(lost.length).toBeGreaterThan(6);
    // Whatever a board still keeps is answered once more, and marked.
    for (let n = 1; n <= 12; n++) {
      const again = pair.answersTo(`lost${n}`).filter(({ repeat }) => repeat).length;
      expect(again + (lost.includes(`lost${n}`) ? 1 : 0), `lost${n}`).toBeLessThanOrEqual(1);
    }
    expect(executedTwice(pair)).toEqual([]);
    expectNobodyBlamed(pair);
    expect([pair.pair.queue.inputs.size, pair.isProtected]).toEqual([0, true]);
    pair.inputs(2, 0, 'new');
    pair.run(100);
    expect(pair.answersTo('new2')).toHaveLength(1);
    expectPromises(pair);
  });

  it('R27: so too with one board alone', () => {
    const { pair } = servedThree();
    pair.boards.b.halt();
    pair.run(300);
    pair.inputs(12, 0, 'lost');
    pair.runUntil(() => pair.upstream.accepted.some(({ ref }) => ref === 'lost12'));
    const journal = structuredClone(pair.ledger.journal);
    pair.run(600);
    pair.killAndLoseTail(journal);
    pair.startGateway();
    pair.run(1_000);
    expect(pair.upstream.refused.filter(({ reason }) => reason === 'result-lost').length).toBeGreaterThan(6);
    expect([pair.pair.phase, pair.pair.queue.inputs.size]).toEqual(['serving', 0]);
    expect(pair.ledger.faultCodes()).not.toContain('done-without-commit');
    expect(pair.ledger.faultCodes()).not.toContain('pair-stopped');
  });

  it('R27: a backup that has not executed all that the primary has is not asked what it never saw: it joins anew', () => {
    const { pair } = servedThree();
    pair.boards.b.slowDown(40_000);
    pair.inputs(12, 0, 'lost');
    pair.runUntil(() => pair.upstream.accepted.some(({ ref }) => ref === 'lost12'));
    const journal = structuredClone(pair.ledger.journal);
    pair.runUntil(() => pair.answersTo('lost12').length === 1);
    pair.killAndLoseTail(journal);
    pair.boards.b.slowDown(2_000);
    pair.startGateway();
    pair.run(1_500);
    expect(executedTwice(pair)).toEqual([]);
    expect(pair.isProtected).toBe(true);
    expect(pair.ledger.faultCodes()).not.toContain('done-without-commit');
  });

  it('R10, R27: who had taken over in what is lost leads again: nobody goes back to the older state', () => {
    const { pair, journal } = servedThree();
    const { owner: primary, epoch, boards, takeover } = pair.ledger;
    const rows = structuredClone([...boards]);
    pair.cut('a');
    pair.inputs(4, 5, 'lost');
    pair.run(300);
    expect(pair.ledger.owner).toBe('b');
    pair.killAndLoseTail(journal);
    Object.assign(pair.ledger, { owner: primary, epoch, takeover });
    for (const [board, row] of rows) boards.set(board, row);
    pair.ledger.hostRestarted = true;
    pair.reconnect('a');
    pair.startGateway();
    pair.inputs(1, 0, 'new');
    pair.run(2_000);
    expect(pair.ledger.owner).toBe('b');
    expect(pair.answersTo('new1')).toHaveLength(1);
    expect(pair.isProtected).toBe(true);
  });

  it('R2, R10, R27: so too where only its count says that it had taken over: it had executed, and not acted', () => {
    const { pair } = servedThree();
    pair.boards.a.slowDown(30_000);
    const lost = seqOnceAccepted(pair, 'lost');
    const { owner: primary, epoch, boards, takeover } = pair.ledger;
    const rows = structuredClone([...boards]);
    const journal = structuredClone(pair.ledger.journal);
    pair.cut('a');
    pair.runUntil(() => pair.boards.b.executedSeqs.includes(lost));
    pair.killAndLoseTail(journal);
    Object.assign(pair.ledger, { owner: primary, epoch, takeover });
    for (const [board, row] of rows) boards.set(board, row);
    pair.boards.a.slowDown(2_000);
    pair.reconnect('a');
    pair.startGateway();
    pair.run(2_000);
    expect([pair.ledger.owner, pair.answersTo('lost').length, pair.isProtected]).toEqual(['b', 1, true]);
    expect(pair.ledger.faultCodes()).toContain('ledger-tail-lost');
    expect(pair.ledger.faultCodes()).not.toContain('mismatch');
  });

  it('R10, R27: with a cut-off relay nothing drives until the contact is at whoever had taken over', () => {
    const { pair, journal } = servedThree({ config: { stopMeans: 'cut-off' } });
    const { owner: primary, epoch, boards, takeover } = pair.ledger;
    const rows = structuredClone([...boards]);
    // It stays at the contact of the lease that is left, with an older level.
    pair.boards.a.halt();
    pair.inputs(4, 5, 'lost');
    pair.run(300);
    expect(pair.relay.contact).toBe('b');
    pair.killAndLoseTail(journal);
    Object.assign(pair.ledger, { owner: primary, epoch, takeover });
    for (const [board, row] of rows) boards.set(board, row);
    pair.ledger.hostRestarted = true;
    const fromUs = pair.schedule.nowUs;
    pair.startGateway();
    pair.run(2_000);
    expect([pair.ledger.owner, pair.relay.contact]).toEqual(['b', 'b']);
    const [cut, on] = pair.cutOffs.filter(({ atUs }) => atUs >= fromUs);
    const backAtUs = pair.relay.seen.filter(({ atUs, board }) => atUs > fromUs && board === 'b')[0]?.atUs;
    expect([cut?.atUs, cut?.cut, on?.cut]).toEqual([fromUs, true, false]);
    expect(on?.atUs).toBeGreaterThanOrEqual(backAtUs ?? Number.POSITIVE_INFINITY);
  });

  it('R26, R27: a planned switchover in what is lost is finished with what its boards had done before it', () => {
    const pair = PairHarness.started({ window: 2 });
    const old = seqOnceAccepted(pair, 'old');
    pair.runUntil(() => pair.ledger.input(old)?.doneBy.length === 1);
    const journal = structuredClone(pair.ledger.journal);
    pair.run(100);
    pair.command({ command: 'switch' });
    pair.runUntil(() => pair.ledger.fences.length === 1);
    const lost = seqOnceAccepted(pair, 'lost');
    pair.runUntil(() => pair.boards.b.executions.some(({ seq }) => seq === lost));
    expect(pair.ledger.input(lost)?.commit).toBeNull();
    expectItGoesOn(pair, journal);
  });

  it('R26, R27: so too where commits need both, and none of them is left', () => {
    const pair = PairHarness.started({ config: { commitNeeds: 'both' } });
    seqOnceAccepted(pair, 'old');
    const journal = structuredClone(pair.ledger.journal);
    pair.run(100);
    pair.command({ command: 'switch' });
    pair.runUntil(() => pair.ledger.fences.length === 1);
    pair.run(100);
    expectItGoesOn(pair, journal);
  });

  it('R8, R27: what one board keeps, and the other has acted on, waits for nobody’s agreement', () => {
    const { pair } = servedThree({ windows: { a: 3, b: 1 }, config: { commitNeeds: 'both', ifAlone: 'hold' } });
    pair.inputs(3, 0, 'lost');
    pair.runUntil(() => pair.upstream.accepted.some(({ ref }) => ref === 'lost3'));
    const journal = structuredClone(pair.ledger.journal);
    expect([...journal.inputs.values()].filter(({ commit }) => commit === null)).toHaveLength(3);
    pair.run(300);
    expect(pair.answersTo('lost3')).toHaveLength(1);
    pair.killAndLoseTail(journal);
    pair.startGateway();
    pair.run(500);
    expect([pair.pair.queue.inputs.size, pair.isProtected]).toEqual([0, true]);
    expect(pair.answersTo('lost1').map(({ repeat }) => repeat)).toEqual([false, true]);
    expect(executedTwice(pair)).toEqual([]);
    expectNobodyBlamed(pair);
  });

  it('R3, R27: a board that was opened afresh in what is lost is not given what its state has', () => {
    const pair = PairHarness.started();
    const shared = seqOnceAccepted(pair, 'shared');
    pair.runUntil(() => pair.ledger.input(shared)?.doneBy.includes('a') === true);
    const journal = structuredClone(pair.ledger.journal);
    const rows = structuredClone([...pair.ledger.boards]);
    pair.runUntil(() => pair.boards.b.executions.some(({ seq }) => seq === shared));
    pair.cut('b');
    pair.run(50);
    pair.reconnect('b');
    // It drops the results it had kept.
    pair.runUntil(() => pair.pair.boards.get('b')?.membership.joining?.step === 'reading');
    pair.killAndLoseTail(journal);
    for (const [board, row] of rows) pair.ledger.boards.set(board, row);
    pair.boards.a.halt();
    pair.startGateway();
    pair.input('new', 3);
    pair.run(1_500);
    expect([pair.pair.lease.owner, pair.ledger.stopped, pair.answersTo('new').length]).toEqual(['b', false, 1]);
    expect(executedTwice(pair)).toEqual([]);
  });

  it('R25, R27: a board that was being given a state in what is lost restarts before it leads', () => {
    const { pair, journal } = servedThree();
    const { owner: primary, epoch, takeover } = pair.ledger;
    const rows = structuredClone([...pair.ledger.boards]);
    pair.boards.a.fail('state-corrupt');
    // Half of the state has come: neither the old one nor the new one, and no input is taken with that.
    pair.runUntil(() => pair.sentKinds('a').includes('statePut'), 5_000);
    pair.run(2);
    pair.killAndLoseTail(journal);
    Object.assign(pair.ledger, { owner: primary, epoch, takeover });
    for (const [board, row] of rows) pair.ledger.boards.set(board, row);
    Object.assign(pair.ledger.boards.get('b') ?? {}, { standing: 'set-aside' });
    pair.startGateway();
    pair.run(200);
    expect(pair.ledger.stopped).toBe(true);
    pair.command({ command: 'resume' });
    pair.input('new', 3);
    pair.run(1_500);
    expect([pair.answersTo('new').length, pair.ledger.stopped, pair.isProtected]).toEqual([1, false, true]);
  });

  it('R25, R27: what the primary had executed is taken back also while it is kept still for a board that joins', () => {
    const { pair, journal } = servedThree({ config: { joinPatienceUs: 0 } });
    const lost = seqOnceAccepted(pair, 'lost');
    pair.runUntil(() => pair.boards.a.executions.some(({ seq }) => seq === lost));
    pair.killAndLoseTail(journal);
    pair.ledger.hostRestarted = true;
    pair.boards.b.restart();
    pair.run(20);
    pair.startGateway();
    pair.ledgerAnswers = false;
    pair.run(300);
    expect(pair.pair.boards.get('b')?.membership.joining?.step).toBe('reading');
    pair.ledgerAnswers = true;
    pair.run(40);
    expect([...pair.pair.queue.inputs.values()].filter(({ kind }) => kind === 'recovered')).toEqual([]);
    pair.input('new', 3);
    pair.run(1_500);
    expect([pair.answersTo('new').length, pair.isProtected]).toEqual([1, true]);
  });

  it.each([false, true])(
    'R3, R25, R27: that the pair had begun anew in what is lost is known to later gateways (told of it by the host: %s)',
    (hostRestarted) => {
      const { pair, journal } = servedThree({ transfersState: false });
      const beginAnew = (): void => {
        pair.boards.a.restart();
        pair.boards.b.restart();
        pair.run(100);
        pair.command({ command: 'resume' });
        pair.run(300);
        if (pair.memberStateOf('b') === 'kept-out') pair.command({ command: 'rejoin', board: 'b' });
        pair.runUntil(() => pair.isProtected, 5_000);
      };
      beginAnew();
      // As many as there were before: by its count alone what comes next would go on with those.
      pair.inputs(3, 20, 'lost');
      pair.run(200);
      pair.killAndLoseTail(journal);
      pair.ledger.hostRestarted = hostRestarted;
      pair.startGateway();
      pair.runUntil(() => pair.isProtected, 5_000);
      pair.inputs(2, 20, 'new');
      pair.run(200);
      pair.killGateway();
      pair.startGateway();
      pair.runUntil(() => pair.isProtected, 5_000);
      pair.boards.b.restart();
      const fromUs = pair.schedule.nowUs;
      pair.run(1_000);
      expect(pair.sentKinds('b', fromUs)).not.toContain('input');
      expect(pair.ledger.faults.at(-1)?.evidence['why']).toBe(
        'the ledger no longer has all that the pair has executed',
      );
      // A person has both begin anew, and from then on there is a history again.
      beginAnew();
      pair.inputs(2, 20, 'newer');
      pair.run(100);
      pair.boards.b.restart();
      pair.runUntil(() => pair.boards.b.executions.at(-1)?.seq === pair.boards.a.executions.at(-1)?.seq, 5_000);
      pair.runUntil(() => pair.isProtected, 5_000);
      pair.run(50);
      expect(pair.boards.b.level).toBe(pair.boards.a.level);
    },
  );

  it('R27: pair time does not go back behind what the rows of the boards have seen', () => {
    const { pair, journal } = servedThree();
    pair.run(5_000);
    pair.cut('b');
    pair.run(100);
    const left = pair.ledger.boards.get('b')?.exits.at(-1) ?? 0;
    pair.killAndLoseTail(journal);
    expect(Math.max(...[...journal.inputs.values()].map(({ pairTimeMs }) => pairTimeMs))).toBeLessThan(left);
    pair.startGateway();
    pair.input('new', 1);
    pair.run(300);
    expect(pair.ledger.input(pair.seqOf('new'))?.pairTimeMs).toBeGreaterThan(left);
  });
});
