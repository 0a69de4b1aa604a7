import { describe, expect, it } from 'vitest';
import { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

/** An input that the ledger has and the core has never heard of. */
const UNHEARD = 20;

function recordUnheard(pair: PairHarness): void {
  const payload = new Uint8Array([7]);
  pair.ledger.apply({ type: 'recordInput', seq: UNHEARD, ref: 'unheard', kind: 'input', pairTimeMs: 1, payload });
}

/** Board a is locked out and speaks late, of an input that it was given before; the ledger is asked and keeps silent. */
function lateCommit(): PairHarness {
  const pair = PairHarness.started();
  pair.inputs(1);
  pair.run(40);
  pair.boards.a.slowDown(70_000);
  pair.input('late', 2);
  pair.runUntil(() => pair.boards.a.executedSeqs.length === 2);
  expect([pair.ledger.owner, pair.pair.phase]).toEqual(['b', 'serving']);
  pair.ledgerAnswers = false;
  pair.run(1.1);
  expect(pair.memberStateOf('a')).toBe('locked-out');
  return pair;
}

/** A gateway has just started; a, which an earlier one has locked out, computes what it will be late with. Deaf is b. */
function lateAtARestart(isDeaf: boolean): PairHarness {
  const pair = PairHarness.started();
  pair.inputs(1);
  pair.run(40);
  pair.boards.a.slowDown(100_000);
  pair.input('late', 2);
  pair.runUntil(() => pair.ledger.owner === 'b' && pair.pair.phase === 'serving');
  pair.killGateway();
  pair.links.b.toBoard.loses = () => isDeaf;
  pair.startGateway();
  return pair;
}

describe('an heir that is far behind', () => {
  it('R6, R10: is not set aside for it while its fence is under way', () => {
    const pair = PairHarness.started({ config: { maxLag: 3 }, window: 1 });
    pair.boards.b.slowDown(30_000);
    pair.inputs(4, 4);
    pair.runUntil(() => pair.boards.a.actedSeqs.length === 4);
    pair.ledgerUs = () => 20_000;
    pair.cut('a');
    pair.run(600);
    expect([pair.ledger.owner, pair.memberStateOf('b')]).toEqual(['b', 'in-sync']);
    expect(pair.upstream.answers).toHaveLength(4);
    expectPromises(pair);
  });
});

describe('what the fence transaction tells', () => {
  it('R12: an input that memory never heard of is worked off like any other, and its answer is no repeat', () => {
    const pair = PairHarness.started();
    recordUnheard(pair);
    pair.cut('a');
    pair.run(200);
    expect(pair.refsOf(pair.boards.b.actedSeqs)).toEqual(['unheard']);
    expect(pair.answersTo('unheard').map(({ repeat }) => repeat)).toEqual([false]);
    expectPromises(pair);
  });

  it.each([
    ['another board', 'a', true],
    ['the same board in the same life', 'b', false],
  ] as const)(
    'R12, R22: such an input that %s was at work on: a death on it is a second one: %s',
    (_who, board, second) => {
      const pair = PairHarness.started();
      recordUnheard(pair);
      pair.ledger.apply({ type: 'recordAttempt', board, session: 1, seq: UNHEARD });
      pair.boards.b.onMoment = (moment) => moment === 'executing' && pair.boards.b.halt();
      pair.cut('a');
      pair.run(300);
      expect(pair.ledger.stopped).toBe(true);
      expect(pair.ledger.input(UNHEARD)?.quarantined).toBe(second);
    },
  );

  it('R9, R12: a commit that memory never heard of is answered at the fence, whatever becomes of the new owner', () => {
    const pair = PairHarness.started();
    pair.links.a.fromBoard.loses = ({ session, message }) => {
      if (message.kind !== 'result') return false;
      const { seq, hash, executionCount, digest, parts, observed } = message;
      const result = { seq, hash, executionCount, digest, parts, observed };
      pair.ledger.apply({ type: 'requestCommit', board: 'a', session, epoch: 1, ...result, digest: digest ?? 0 });
      return true;
    };
    pair.input('x', 1);
    pair.runUntil(() => pair.boards.a.executedSeqs.length === 1);
    pair.boards.b.halt();
    pair.cut('a');
    pair.run(300);
    expect(pair.ledger.faultCodes()).toEqual(['unplugged', 'silent', 'pair-stopped']);
    expect(pair.answersTo('x').map(({ repeat }) => repeat)).toEqual([false]);
  });

  it('R9, R19: what a board committed after the result by which it was judged wrong is not given out', () => {
    const pair = PairHarness.started({ window: 2, config: { onMismatch: 'switch' } });
    pair.boards.a.corrupt = (seq) => (pair.ledger.input(seq)?.ref === 'i1' ? 1 : 0);
    pair.input('i1', 1);
    pair.runUntil(() => pair.boards.a.actedSeqs.length === 1);
    pair.input('i2', 2);
    pair.runUntil(() => pair.boards.a.executedSeqs.length === 2);
    pair.ledgerAnswers = false;
    pair.runUntil(() => pair.pair.phase === 'fencing');
    pair.ledgerAnswers = true;
    pair.run(200);
    expect(pair.ledger.granted.find(({ seq, first }) => first && seq === pair.seqOf('i2'))?.board).toBe('a');
    expect(pair.ledger.input(pair.seqOf('i2'))?.commit?.board).toBe('b');
    const own = pair.boards.b.executions.find(({ seq }) => seq === pair.seqOf('i2'))?.sum ?? 0;
    const wrong = pair.boards.a.executions.find(({ seq }) => seq === pair.seqOf('i2'))?.sum ?? 0;
    expect(own).not.toBe(wrong);
    expect(pair.answersTo('i2').map(({ body }) => body)).toEqual([
      [own, own >> 8, own >> 16].map((b) => b & 255).join(),
    ]);
    expectPromises(pair);
  });

  it('R22: what comes in behind the fence is none of what was pending at it', () => {
    const pair = PairHarness.started();
    pair.boards.a.slowDown(40_000);
    pair.input('x', 1);
    pair.run(5);
    pair.ledgerAnswers = false;
    pair.cut('a');
    pair.run(2);
    pair.input('late', 2);
    pair.run(2);
    pair.ledgerAnswers = true;
    pair.run(200);
    expect(pair.ledger.notes.find(({ step }) => step === 'fenced')?.detail).toMatchObject({ pending: 1 });
    const x = pair.seqOf('x');
    expect(pair.ledger.attempts).toEqual([
      { board: 'a', seq: x },
      { board: 'b', seq: x },
    ]);
    expect(pair.upstream.answers.map(({ ref }) => ref)).toEqual(['x', 'late']);
    expectPromises(pair);
  });

  it('R10: a fence that nobody waits for moves nothing', () => {
    const pair = PairHarness.started();
    pair.post({ type: 'fenceRecorded', epoch: pair.ledger.epoch, owner: 'a', inputs: [] });
    pair.input('x', 1);
    pair.run(50);
    expect(pair.relay.commands).toEqual([]);
    expect([pair.isProtected, pair.answersTo('x').length]).toEqual([true, 1]);
    expectPromises(pair);
  });
});

describe('a late commit of a board that is locked out', () => {
  it('R8, R27: is refused after a restart of the gateway too, and VIOLATION is in no story that is not there', () => {
    const pair = lateAtARestart(false);
    // b is heard, and can be given nothing: a waits at its port.
    pair.runUntil(() => pair.pair.boards.get('b')?.identity.heardUnit !== null);
    pair.links.b.toBoard.loses = () => true;
    const notes = pair.ledger.notes.length;
    pair.runUntil(() => pair.ledger.refused.length > 0);
    pair.run(1);
    expect(pair.sentKinds('a').filter((kind) => kind === 'violation')).toHaveLength(1);
    expect(pair.ledger.notes.slice(notes).filter(({ faultId }) => typeof faultId !== 'number')).toEqual([]);
  });

  it('R8, R13: is nobody’s after a restart, while the new primary may be at that port: cables are moved while no gateway runs', () => {
    const pair = lateAtARestart(true);
    pair.run(300);
    expect(pair.pair.boards.get('b')?.identity.heardUnit).toBeNull();
    expect(pair.ledger.refused).toEqual([]);
    expect(pair.sentKinds('a')).not.toContain('violation');
  });

  it('R8, R13: is not told to it while the pair is stopped', () => {
    const pair = lateCommit();
    pair.boards.b.fail('state-corrupt');
    pair.run(2);
    expect(pair.pair.phase).toBe('stopped');
    pair.ledgerAnswers = true;
    pair.run(100);
    expect(pair.ledger.refused).toContainEqual({ board: 'a', seq: pair.seqOf('late'), outcome: 'locked-out' });
    expect(pair.sentKinds('a')).not.toContain('violation');
  });

  it('R8, R25: is nothing to it once it is on its way back', () => {
    const pair = lateCommit();
    pair.runUntil(() => pair.joinStepOf('a') === 'opening');
    pair.ledgerAnswers = true;
    pair.run(200);
    expect(pair.ledger.refused).toContainEqual({ board: 'a', seq: pair.seqOf('late'), outcome: 'locked-out' });
    expect(pair.sentKinds('a')).not.toContain('violation');
    expect(pair.boards.a.mode).toBe('running');
    expectPromises(pair);
  });

  it('R8, R25: is nothing to it in a later session, also when that one is over', () => {
    const pair = lateCommit();
    pair.boards.a.ignoresState = () => true;
    pair.runUntil(() => pair.joinStepOf('a') === 'waiting' || pair.joinStepOf('a') === 'reading');
    pair.cut('a');
    pair.run(1);
    expect([pair.joinStepOf('a'), pair.memberStateOf('a')]).toEqual([null, 'locked-out']);
    pair.ledgerAnswers = true;
    pair.run(20);
    expect(pair.ledger.refused).toContainEqual({ board: 'a', seq: pair.seqOf('late'), outcome: 'locked-out' });
    expect(pair.sentKinds('a')).not.toContain('violation');
    expect(pair.ledger.notes.map(({ step }) => step)).not.toContain('late-commit-refused');
  });
});
