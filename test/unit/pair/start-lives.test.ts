import { describe, expect, it } from 'vitest';
import type { Hello } from '../../../src/pair/result/messages.js';
import { MemoryLedger } from './fixture/memory-ledger.js';
import { PairHarness } from './fixture/pair-harness.js';
import { brokenPromises, expectPromises } from './fixture/promises.js';

const FOUND = { found: 'at the start of the gateway' };

/** One input through both boards, then the gateway is killed; `meanwhile` happens while it is away. */
function restarted(meanwhile: (pair: PairHarness) => void, pair = PairHarness.started()): PairHarness {
  pair.inputs(1);
  pair.run(40);
  pair.killGateway();
  meanwhile(pair);
  pair.startGateway();
  return pair;
}

/** The host lost power, and the ledger all that it had of inputs; `until`: when it happened. */
function emptied(until: (pair: PairHarness) => boolean): PairHarness {
  const pair = PairHarness.started({ keepHistory: true });
  pair.input('x', 1);
  pair.runUntil(() => until(pair));
  const [nothing] = pair.ledger.history;
  if (nothing === undefined) throw new Error('no history');
  pair.losePower(nothing);
  return pair;
}

/** Both boards run on, and the pair is stopped because they differed once. */
function stoppedBoth(): PairHarness {
  const pair = PairHarness.started({ config: { onMismatch: 'stop' } });
  pair.boards.b.corrupt = () => 1;
  pair.input('x', 1);
  pair.run(100);
  pair.boards.b.corrupt = () => 0;
  expect([pair.ledger.stopped, pair.memberStateOf('b')]).toEqual([true, 'in-sync']);
  return pair;
}

describe('which life a board is in, at a start', () => {
  it.each([
    ['a session of its own, but another boot', 1, { boot: 7 }],
    ['the same boot, but no session', 0, {}],
  ] as const)('R15, R27: a primary with %s has lost its state', (_what, session, more) => {
    const pair = restarted((down) => {
      down.links.a.fromBoard.loses = () => true;
    });
    const { b } = pair.boards;
    const said: Hello = {
      kind: 'hello',
      unit: 1,
      boot: 1,
      imageHash: 1,
      stateLayout: 1,
      stateBytes: 100,
      transfersState: true,
      mostOutputs: 4,
      rxBytes: 1024,
      window: 1,
      resetCause: 'watchdog',
      failed: false,
      parked: false,
      executionCount: 1,
      digest: b.level ?? 0,
      kept: [],
      actedBits: 0,
      ...more,
    };
    pair.forge('a', said, session === 0 ? 0 : pair.boards.a.session);
    pair.run(60);
    expect(pair.ledger.faults.find(({ board }) => board === 'a')).toMatchObject({
      code: 'restarted',
      evidence: { ...FOUND, resetCause: 'watchdog' },
    });
    expect([pair.ledger.owner, pair.relay.contact]).toEqual(['b', 'b']);
  });

  it('R24, R27: a backup that has lost its state is told of, and joins; nobody suspects it of what the primary has in work', () => {
    const pair = PairHarness.started();
    pair.boards.a.onMoment = (moment, _seq, payload) => {
      if (moment === 'input-arrived' && payload[0] === 9 && pair.running) pair.killGateway();
    };
    pair.inputs(1);
    pair.run(40);
    const { length } = pair.boards.b.transfers;
    pair.input('x', 9);
    pair.runUntil(() => !pair.running);
    pair.boards.b.restart(false);
    pair.startGateway();
    pair.run(200);
    expect(pair.ledger.faults.at(-1)).toMatchObject({ code: 'restarted', board: 'b', evidence: FOUND });
    expect(pair.ledger.attempts).toEqual([]);
    expect(pair.boards.b.transfers).toHaveLength(length + 1);
    expect(pair.memberStatesOf('b').slice(-3)).toEqual(['set-aside', 'joining', 'in-sync']);
    expect(pair.answersTo('x')).toHaveLength(1);
    expectPromises(pair);
  });

  it('R10: a primary that has failed and a backup that has restarted: nobody is made to serve, and both are told of', () => {
    const pair = restarted((down) => {
      down.boards.a.fail('state-corrupt');
      down.boards.b.restart(false);
    });
    pair.run(200);
    expect(pair.ledger.faults.map(({ code, board }) => `${code} ${board}`).slice(1)).toEqual([
      'restarted b',
      'failed a',
      'pair-stopped null',
    ]);
    expect(pair.sentKinds('a').slice(-1)).toEqual(['helloRequest']);
  });

  it('R10: a primary that says nothing, alone in the pair, is waited for: no stop, and it is taken back as it is', () => {
    const pair = PairHarness.started();
    pair.boards.b.halt();
    pair.inputs(1);
    pair.runUntil(() => pair.memberStateOf('b') === 'set-aside');
    pair.run(20);
    pair.killGateway();
    pair.links.a.cut();
    pair.startGateway();
    pair.run(600);
    expect([pair.pair.phase, pair.ledger.stopped]).toEqual(['starting', false]);
    pair.reconnect('a');
    pair.input('y', 2);
    pair.run(200);
    expect([pair.pair.phase, pair.boards.a.boot]).toEqual(['serving', 1]);
    expect(pair.answersTo('y')).toHaveLength(1);
  });

  it('R24: at the first start of all a backup that says nothing is told of, and the primary serves', () => {
    const pair = PairHarness.of();
    pair.boards.b.halt();
    pair.startGateway();
    pair.inputs(1);
    pair.run(200);
    expect(pair.ledger.faults).toEqual([expect.objectContaining({ code: 'silent', board: 'b' })]);
    expect(pair.memberStateOf('b')).toBe('set-aside');
    expect(pair.upstream.answers).toHaveLength(1);
  });

  it.each(['a', 'b'] as const)(
    'R27: with another, empty ledger boards that still wait for a commit of the last one begin anew (primary %s)',
    (first) => {
      const pair = PairHarness.started();
      pair.inputs(3);
      pair.run(60);
      pair.boards.a.onMoment = (moment) => {
        if (moment === 'result-sent' && pair.running) pair.killGateway();
      };
      pair.input('x', 1);
      pair.runUntil(() => !pair.running);
      pair.boards.a.onMoment = () => undefined;
      pair.run(20);
      Object.assign(pair.ledger, new MemoryLedger(['a', 'b'], first, () => pair.schedule.nowUs));
      // Also where a gateway has made it before, and ended before it had opened a board.
      pair.ledger.fresh = first === 'a';
      pair.startGateway();
      pair.input('y', 2);
      pair.run(300);
      expect([pair.pair.phase, pair.isProtected]).toEqual(['serving', true]);
      expect(pair.ledger.faults).toEqual([]);
      expect(pair.answersTo('y')).toHaveLength(1);
      expect(pair.answersTo('x')).toEqual([]);
    },
  );

  it('R27: a pair that begins anew opens its primary afresh, and says so', () => {
    const pair = restarted((down) => {
      for (const board of Object.values(down.boards)) board.restart(false);
    });
    const atUs = pair.schedule.nowUs;
    pair.run(200);
    const opens = pair.links.a.sent.flatMap((sent) =>
      sent.atUs > atUs && sent.message.kind === 'open' ? [sent.message.resume] : [],
    );
    expect(opens).toEqual([false]);
    const fault = pair.ledger.faults.find(({ code }) => code === 'pair-restarted');
    const ended = pair.ledger.notes.find(({ faultId, step }) => faultId === fault?.faultId && step === 'ended');
    expect(ended?.detail).toEqual({ from: 'the state of a fresh start' });
    expect(pair.isProtected).toBe(true);
  });
});

describe('after a stop', () => {
  it('R22, R25: a backup that ran on is taken out and joins: the primary that goes on has the right state', () => {
    const pair = stoppedBoth();
    const { length } = pair.boards.b.transfers;
    const faults = pair.ledger.faults.length;
    pair.command({ command: 'resume' });
    pair.run(300);
    expect(pair.memberStatesOf('b').slice(-3)).toEqual(['set-aside', 'joining', 'in-sync']);
    expect(pair.boards.b.transfers).toHaveLength(length + 1);
    expect([pair.boards.a.boot, pair.boards.b.boot]).toEqual([1, 1]);
    expect(pair.ledger.faults).toHaveLength(faults);
    expect(pair.isProtected).toBe(true);
    expectPromises(pair);
  });

  it('R10, R22: a primary that has failed meanwhile is taken over from, and not restarted to serve', () => {
    const pair = stoppedBoth();
    pair.boards.a.fail('state-corrupt');
    const faults = pair.ledger.faults.length;
    pair.command({ command: 'resume' });
    pair.run(60);
    expect(pair.ledger.faults[faults]).toMatchObject({ code: 'failed', board: 'a', evidence: FOUND });
    expect(pair.ledger.fences.map(({ owner: primary }) => primary)).toEqual(['b']);
  });

  it('R26: in the middle of a switchover both boards are as they were, and neither joins', () => {
    const pair = PairHarness.started();
    pair.inputs(1);
    pair.run(40);
    pair.relay.stuck = true;
    pair.command({ command: 'switch' });
    pair.runUntil(() => pair.ledger.fences.length === 2);
    pair.post({ type: 'relayStuck', to: 'a' });
    expect(pair.pair.phase).toBe('stopped');
    pair.run(20);
    const before = pair.ledger.memberStates.length;
    pair.relay.stuck = false;
    pair.command({ command: 'resume' });
    pair.run(200);
    expect(pair.ledger.memberStates.slice(before)).toEqual([]);
    expect([pair.pair.phase, pair.ledger.owner, pair.relay.contact]).toEqual(['serving', 'a', 'a']);
    expect(pair.isProtected).toBe(true);
  });

  it.each([false, true])(
    'R22: a board that had executed what was dropped is restarted before it serves (gateway restarted: %s)',
    (gatewayToo) => {
      const pair = PairHarness.started();
      const { a, b } = pair.boards;
      a.onMoment = (moment, _seq, payload) => moment === 'executing' && payload[0] === 13 && a.halt();
      pair.links.b.fromBoard.loses = ({ message }) => message.kind === 'result';
      pair.input('x', 13);
      pair.runUntil(() => pair.ledger.stopped);
      const seq = pair.seqOf('x');
      expect([b.executedSeqs, pair.ledger.input(seq)?.quarantined]).toEqual([[seq], true]);
      pair.links.b.fromBoard.loses = () => false;
      pair.command({ command: 'drop', seq });
      if (gatewayToo) {
        pair.run(0.9);
        expect(pair.ledger.input(seq)?.dropped).toBe(true);
        pair.killGateway();
        pair.startGateway();
        pair.run(200);
        expect(pair.ledger.stopped).toBe(true);
        expect(pair.ledger.faults.filter(({ code }) => code === 'failed')).toEqual([
          expect.objectContaining({
            board: 'b',
            evidence: expect.objectContaining({ reason: expect.stringContaining('an input that was dropped') }),
          }),
        ]);
        pair.command({ command: 'resume' });
      }
      pair.input('y', 2);
      pair.run(300);
      expect(b.resets).toBe(1);
      if (gatewayToo) pair.input('z', 3);
      pair.run(100);
      expect(pair.answersTo(gatewayToo ? 'z' : 'y')).toHaveLength(1);
      expect(b.acted.every((act) => act.seq !== seq)).toBe(true);
    },
  );
});

describe('after the host lost power', () => {
  it('R27: boards that agree go on as they are, and nobody joins', () => {
    const pair = PairHarness.started();
    pair.inputs(2, 5);
    pair.run(60);
    const before = pair.ledger.memberStates.length;
    pair.losePower(pair.ledger.journal);
    pair.startGateway();
    pair.run(200);
    expect(pair.ledger.memberStates.slice(before)).toEqual([]);
    expect(pair.isProtected).toBe(true);
  });

  it.each([
    ['state', (pair: PairHarness) => pair.boards.b.flipBit(3)],
    ['count', (pair: PairHarness) => pair.cut('b')],
  ] as const)('R27: a backup with another %s joins anew', (what, differ) => {
    const pair = PairHarness.started({ config: { probeEveryUs: what === 'count' ? 20_000 : 0 } });
    pair.inputs(2, 5);
    pair.run(36);
    if (what === 'count') pair.links.b.toBoard.loses = ({ message }) => message.kind === 'input';
    else differ(pair);
    pair.run(40);
    if (what === 'count') {
      expect(pair.boards.a.executions.at(-1)?.probe).toBe(true);
      expect(pair.boards.a.executions.length).toBeGreaterThan(pair.boards.b.executions.length);
      pair.links.b.toBoard.loses = () => false;
    }
    const before = pair.memberStatesOf('b').length;
    pair.losePower(pair.ledger.journal);
    pair.startGateway();
    pair.run(300);
    expect(pair.memberStatesOf('b').slice(before)).toEqual(['set-aside', 'joining', 'in-sync']);
    expect(pair.isProtected).toBe(true);
  });

  it('R27: a backup that waits to act on what nobody knows any more joins anew', () => {
    const pair = emptied((running) => running.boards.b.executedSeqs.length === 1);
    const before = pair.memberStatesOf('b').length;
    pair.startGateway();
    pair.run(200);
    expect(pair.boards.a.actedSeqs).toHaveLength(1);
    expect(pair.boards.b.actedSeqs).toEqual([]);
    expect(pair.ledger.faultCodes()).toEqual(['host-restarted']);
    expect(pair.memberStatesOf('b').slice(before)).toEqual(['set-aside', 'joining', 'in-sync']);
    expect(pair.boards.b.level).toBe(pair.boards.a.level);
    pair.input('y', 2);
    pair.run(60);
    expect(pair.boards.b.actedSeqs).toHaveLength(1);
  });

  it('R3, R27: what is read back from the primary comes before what has arrived meanwhile', () => {
    const pair = emptied((running) => running.boards.a.executedSeqs.length === 1);
    pair.startGateway();
    pair.input('y', 2);
    pair.run(200);
    const [first, second] = pair.boards.a.actedSeqs;
    expect([pair.ledger.input(first ?? 0)?.kind, pair.ledger.input(second ?? 0)?.ref]).toEqual(['recovered', 'y']);
    expect(pair.answersTo('y')).toHaveLength(1);
    expect(pair.isProtected).toBe(true);
    expect(brokenPromises(pair)).toEqual([]);
  });

  it('R5, R24, R27: a backup that is gone is told and taken out; the primary goes on with seqs never used', () => {
    const pair = emptied((running) => running.boards.a.actedSeqs.length === 1);
    pair.boards.b.halt();
    pair.startGateway();
    pair.input('y', 2);
    pair.run(300);
    expect([pair.ledger.owner, pair.memberStateOf('b'), pair.ledger.stopped]).toEqual(['a', 'set-aside', false]);
    expect(pair.ledger.faultCodes()).toEqual(['host-restarted', 'silent']);
    expect(pair.seqOf('y')).toBeGreaterThan(1);
    expect(pair.answersTo('y')).toHaveLength(1);
  });

  it('R25, R27: a board that is kept out stays so, whatever was lost', () => {
    const pair = PairHarness.started({ keepHistory: true, config: { flapLimit: 0 } });
    pair.boards.b.restart();
    pair.run(50);
    expect(pair.memberStateOf('b')).toBe('kept-out');
    const nothing = pair.ledger.history.at(-1);
    pair.input('x', 1);
    pair.runUntil(() => pair.boards.a.executedSeqs.length === 1);
    if (nothing === undefined) throw new Error('no history');
    pair.losePower(nothing);
    pair.startGateway();
    pair.run(200);
    expect([...pair.ledger.journal.inputs.values()].map(({ kind }) => kind)).toEqual(['recovered']);
    expect(pair.memberStateOf('b')).toBe('kept-out');
  });
});

describe('a fresh start after a takeover that nobody could end', () => {
  it('R9, R19: answers, marked, what was held back until the new primary had come to the same', () => {
    const pair = PairHarness.started({ window: 3, config: { onMismatch: 'switch' } });
    let isWrong = true;
    pair.boards.b.corrupt = () => {
      const wrong = isWrong ? 1 : 0;
      isWrong = false;
      return wrong;
    };
    pair.inputs(4, 0, 'x');
    // Committed while b was wrong already: it is not given out before b has come to the same.
    pair.runUntil(() => pair.boards.a.actedSeqs.length === 1);
    pair.ledgerAnswers = false;
    pair.runUntil(() => pair.pair.phase === 'fencing');
    pair.ledgerAnswers = true;
    pair.runUntil(() => pair.pair.lease.owner === 'b');
    const heldBack = [...pair.pair.queue.inputs.values()].filter(
      ({ commit, emission }) => commit !== null && emission === 'none',
    );
    pair.boards.b.fail('application');
    pair.runUntil(() => pair.ledger.stopped);
    pair.boards.b.restart();
    pair.run(50);
    pair.command({ command: 'resume' });
    pair.run(1_000);
    expect(heldBack.length).toBeGreaterThan(0);
    expect(heldBack.map(({ ref }) => pair.answersTo(ref).map(({ repeat }) => repeat))).toEqual(
      heldBack.map(() => [true]),
    );
  });
});
