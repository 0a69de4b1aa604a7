import { describe, expect, it } from 'vitest';
import { ofThree } from './arbitration-kit.js';
import { PairHarness } from './fixture/pair-harness.js';
import { brokenPromises, expectPromises } from './fixture/promises.js';

/** Both boards have died of input 13; the pair is stopped, and has been powered up again. `cured`: it kills no more. */
function poisoned(): { readonly pair: PairHarness; readonly cure: () => void; readonly powerUp: () => void } {
  const pair = PairHarness.started();
  let deadly = true;
  for (const board of Object.values(pair.boards)) {
    board.onMoment = (moment, _seq, payload) => {
      if (deadly && moment === 'executing' && payload[0] === 13) board.halt();
    };
  }
  pair.inputs(2, 10);
  pair.run(60);
  pair.input('poison', 13);
  pair.input('after', 5);
  pair.runUntil(() => pair.ledger.stopped);
  const powerUp = (): void => {
    for (const board of Object.values(pair.boards)) board.restart();
    pair.run(20);
  };
  powerUp();
  const cure = (): void => {
    deadly = false;
  };
  return { pair, cure, powerUp };
}

describe('an input that two boards died of', () => {
  it('R22: is quarantined, whoever asked is told, and the pair waits for a person', () => {
    const { pair } = poisoned();
    const seq = pair.seqOf('poison');
    const atUs = pair.schedule.nowUs;
    pair.input('refused', 1);
    pair.run(2_000);
    expect(pair.ledger.input(seq)).toMatchObject({ quarantined: true, finished: false, attemptedBy: ['a', 'b'] });
    expect(pair.upstream.refused).toEqual([
      { ref: 'poison', reason: 'quarantined' },
      { ref: 'refused', reason: 'stopped' },
    ]);
    expect([...pair.sentKinds('a', atUs), ...pair.sentKinds('b', atUs)]).toEqual([]);
    expect(pair.ledger.input(pair.seqOf('after'))?.commit).toBeNull();
    expect(brokenPromises(pair)).toEqual([]);
  });

  it('R22, R27: also where the gateway was killed between the second death and its notice, and only that one', () => {
    const pair = PairHarness.started({ window: 4 });
    for (const board of Object.values(pair.boards)) {
      board.onMoment = (moment, _seq, payload) => moment === 'executing' && payload[0] === 13 && board.halt();
    }
    pair.input('poison', 13);
    pair.inputs(3);
    pair.runUntil(() => pair.boards.b.mode === 'halted');
    pair.killGateway();
    pair.boards.b.restart();
    pair.run(20);
    pair.startGateway();
    pair.run(300);
    expect(pair.ledger.stopped).toBe(true);
    expect([...pair.ledger.journal.inputs.values()].filter((input) => input.quarantined).map(({ ref }) => ref)).toEqual(
      ['poison'],
    );
  });

  it('R22: dropped, it is finished without a result, and what came after it is done', () => {
    const { pair } = poisoned();
    const seq = pair.seqOf('poison');
    const ref = pair.command({ command: 'drop', seq });
    pair.run(200);
    expect(pair.commands.get(ref)).toBe(`done: Input ${seq} is dropped.`);
    expect(pair.ledger.input(seq)).toMatchObject({ finished: true, dropped: true, commit: null });
    expect(pair.answersTo('poison')).toEqual([]);
    expect(pair.answersTo('after')).toHaveLength(1);
    expect(pair.isProtected).toBe(true);
    expect(pair.ledger.stopped).toBe(false);
    expectPromises(pair);
  });

  it('R8, R22: dropped, one whose commit was granted meanwhile keeps its result, and no takeover brings it back', () => {
    const pair = ofThree({ commitNeeds: 'both' });
    pair.inputs(2, 10);
    pair.run(60);
    pair.boards.b.slowDown(50_000);
    pair.input('poison', 13);
    // The third copy has come to the same; both boards give up before the ledger has answered what it was asked to commit.
    pair.runUntil(() => [...pair.pair.queue.inputs.values()].some(({ asked }) => asked.length > 0));
    for (const board of ['a', 'b'] as const) pair.forge(board, { kind: 'failed', reason: 'application', detail: 7 });
    pair.run(20);
    const seq = pair.seqOf('poison');
    expect(pair.ledger.input(seq)).toMatchObject({ quarantined: true, finished: false });
    expect(pair.ledger.input(seq)?.commit).not.toBeNull();
    for (const board of Object.values(pair.boards)) board.restart();
    pair.run(20);
    const ref = pair.command({ command: 'drop', seq });
    pair.runUntil(() => pair.isProtected, 5_000);
    expect(pair.commands.get(ref)).toMatch(/^done/);
    expect(pair.ledger.input(seq)).toMatchObject({ finished: true, dropped: false });
    expect(pair.answersTo('poison')).toHaveLength(1);
    // The next takeover reads in the ledger what is unfinished.
    pair.boards[pair.pair.lease.owner as 'a' | 'b'].halt();
    pair.input('after', 5);
    pair.runUntil(() => pair.answersTo('after').length > 0, 5_000);
    pair.run(100);
    expect(pair.pair.takeover).toBeNull();
    expect(pair.pair.phase).toBe('serving');
  });

  it('R22: tried again, it is executed before what came after it', () => {
    const { pair, cure } = poisoned();
    cure();
    const seq = pair.seqOf('poison');
    const ref = pair.command({ command: 'retry', seq });
    pair.run(200);
    expect(pair.commands.get(ref)).toBe(`done: Input ${seq} is tried again.`);
    expect(pair.answersTo('poison')).toHaveLength(1);
    expect(pair.answersTo('after')).toHaveLength(1);
    const primary = pair.ledger.owner as 'a' | 'b';
    const executed = pair.refsOf(pair.boards[primary].executions.filter(({ boot }) => boot > 1).map(({ seq }) => seq));
    expect(executed).toEqual(['poison', 'after']);
    expect(pair.isProtected).toBe(true);
    expectPromises(pair);
  });

  it('R22: tried again in vain, the pair stops again, and only a person lets it be tried once more', () => {
    const { pair, powerUp, cure } = poisoned();
    const seq = pair.seqOf('poison');
    pair.command({ command: 'retry', seq });
    pair.run(50);
    pair.runUntil(() => pair.ledger.stopped);
    expect(pair.upstream.answers).toHaveLength(2);
    powerUp();
    const atUs = pair.schedule.nowUs;
    pair.run(1_000);
    expect([...pair.sentKinds('a', atUs), ...pair.sentKinds('b', atUs)]).toEqual([]);
    cure();
    pair.command({ command: 'resume' });
    pair.run(300);
    expect(pair.answersTo('poison')).toHaveLength(1);
    expect(pair.answersTo('after')).toHaveLength(1);
    expect(pair.isProtected).toBe(true);
    expectPromises(pair);
  });

  it('R22: the pair does not go on before it is said what becomes of it', () => {
    const { pair } = poisoned();
    const seq = pair.seqOf('poison');
    const atUs = pair.schedule.nowUs;
    const ref = pair.command({ command: 'resume' });
    pair.run(100);
    expect(pair.commands.get(ref)).toBe(
      `refused: Quarantined: ${seq}. Say first what becomes of it: copycat inputs retry|drop.`,
    );
    expect([...pair.sentKinds('a', atUs), ...pair.sentKinds('b', atUs)]).toEqual([]);
  });

  it.each(['retry', 'drop'] as const)(
    'R22: %s of an input that is not quarantined is refused, and changes nothing',
    (command) => {
      const { pair } = poisoned();
      for (const seq of [pair.seqOf('after'), pair.seqOf('i1'), 999]) {
        const ref = pair.command({ command, seq });
        expect(pair.commands.get(ref)).toBe(`refused: Input ${seq} is not quarantined.`);
      }
      pair.run(50);
      expect(pair.ledger.stopped).toBe(true);
      expect(pair.ledger.input(pair.seqOf('after'))).toMatchObject({ finished: false, dropped: false });
    },
  );

  it('R22, R27: stays quarantined over a restart of the gateway, and can be dropped after it', () => {
    const { pair } = poisoned();
    const seq = pair.seqOf('poison');
    pair.killGateway();
    pair.startGateway();
    const atUs = pair.schedule.nowUs;
    pair.run(500);
    expect(pair.pair.phase).toBe('stopped');
    expect([...pair.sentKinds('a', atUs), ...pair.sentKinds('b', atUs)]).toEqual([]);
    pair.command({ command: 'drop', seq });
    pair.run(200);
    expect(pair.answersTo('after')).toHaveLength(1);
    expect(pair.isProtected).toBe(true);
    expectPromises(pair);
  });

  it('R22: a client that sends a dropped input again is told, and nobody dies of it once more', () => {
    const { pair, cure } = poisoned();
    const seq = pair.seqOf('poison');
    pair.command({ command: 'drop', seq });
    pair.run(200);
    cure();
    pair.input('poison', 13);
    pair.input('another', 13);
    pair.run(100);
    expect(pair.answersTo('poison')).toEqual([]);
    expect(pair.upstream.refused.filter(({ ref }) => ref === 'poison')).toEqual([
      { ref: 'poison', reason: 'quarantined' },
      { ref: 'poison', reason: 'quarantined' },
    ]);
    expect(pair.answersTo('another')).toHaveLength(1);
    expectPromises(pair);
  });
});

describe('two inputs that two boards died of', () => {
  it('R22: are settled one by one, and the pair goes on with the last', () => {
    const pair = PairHarness.started({ window: 2 });
    for (const board of Object.values(pair.boards)) {
      board.onMoment = (moment, seq, payload) => {
        if (moment === 'executing' && payload[0] === 13 && pair.ledger.input(seq)?.finished === false) board.halt();
      };
    }
    pair.input('one', 13);
    pair.input('other', 13);
    pair.runUntil(() => pair.ledger.stopped);
    pair.run(5);
    // The second one killed nobody yet: the operator's list has what two boards died of, and the other waits.
    expect(pair.ledger.input(pair.seqOf('one'))?.quarantined).toBe(true);
    expect(pair.ledger.input(pair.seqOf('other'))?.quarantined).toBe(false);
    for (const board of Object.values(pair.boards)) board.restart();
    pair.run(10);
    pair.command({ command: 'drop', seq: pair.seqOf('one') });
    pair.run(50);
    pair.runUntil(() => pair.ledger.stopped, 3_000);
    for (const board of Object.values(pair.boards)) {
      board.onMoment = () => undefined;
      board.restart();
    }
    pair.run(10);
    const other = pair.seqOf('other');
    const answer = pair.command({ command: pair.ledger.input(other)?.quarantined ? 'retry' : 'resume', seq: other });
    expect(pair.commands.get(answer)).toMatch(/^done/);
    pair.run(300);
    expect(pair.answersTo('other')).toHaveLength(1);
    expect(pair.isProtected).toBe(true);
  });
});

describe('a stopped pair', () => {
  /** The backup restarts while the fence is on its way to it. */
  function stoppedInFlight(): PairHarness {
    const pair = PairHarness.started();
    pair.inputs(1);
    pair.run(40);
    pair.boards.a.fail('state-corrupt');
    pair.ledgerAnswers = false;
    pair.run(10);
    pair.boards.b.restart();
    pair.run(10);
    return pair;
  }

  it('R12, R22: does not go on before the ledger has said whose lease it is', () => {
    const pair = stoppedInFlight();
    expect(pair.pair.phase).toBe('stopped');
    const early = pair.command({ command: 'resume' });
    expect(pair.commands.get(early)).toBe('refused: The ledger has not answered yet whose lease it is.');
    pair.ledgerAnswers = true;
    pair.run(20);
    expect(pair.pair.phase).toBe('stopped');
    const ref = pair.command({ command: 'resume' });
    expect(pair.commands.get(ref)).toBe('done: The pair starts again.');
    pair.run(400);
    expect([pair.pair.phase, pair.ledger.owner, pair.relay.contact]).toEqual(['serving', 'b', 'b']);
    pair.input('x', 4);
    pair.run(100);
    expect(pair.answersTo('x')).toHaveLength(1);
  });

  it('R25: rejoin is kept in mind until it works again, and leaves a fenced board fenced', () => {
    const pair = stoppedInFlight();
    pair.ledgerAnswers = true;
    pair.run(20);
    expect([pair.ledger.stopped, pair.memberStateOf('a')]).toEqual([true, 'locked-out']);
    const before = pair.ledger.memberStates.length;
    const ref = pair.command({ command: 'rejoin', board: 'a' });
    expect(pair.commands.get(ref)).toBe('done: Board a joins once the pair works again.');
    pair.run(50);
    expect(pair.ledger.memberStates.slice(before)).toEqual([]);
  });

  it('R10, R22: that goes on with a board whose link is down says nothing to it, and waits for it', () => {
    const pair = stoppedInFlight();
    pair.ledgerAnswers = true;
    pair.run(20);
    pair.cut('b');
    pair.run(5);
    const atUs = pair.schedule.nowUs;
    pair.command({ command: 'resume' });
    pair.run(60);
    expect(pair.sentKinds('b', atUs)).toEqual([]);
    expect(pair.sentKinds('a', atUs)).toEqual([]);
    pair.reconnect('b');
    pair.run(400);
    expect([pair.pair.phase, pair.ledger.owner]).toEqual(['serving', 'b']);
    expect(pair.isProtected).toBe(true);
  });

  it('R22: goes on when a person says so; what had been accepted is answered', () => {
    const pair = PairHarness.started({ config: { onMismatch: 'stop' } });
    let wrong = true;
    pair.boards.b.corrupt = () => (wrong ? 1 : 0);
    pair.inputs(3, 2);
    pair.run(100);
    expect(pair.ledger.stopped).toBe(true);
    wrong = false;
    // The person has found out that it was b, and has restarted it.
    pair.boards.b.restart();
    const ref = pair.command({ command: 'resume' });
    pair.run(600);
    expect(pair.commands.get(ref)).toBe('done: The pair starts again.');
    expect(pair.ledger.stopped).toBe(false);
    for (const one of pair.upstream.accepted) expect(pair.answersTo(one.ref).length).toBeGreaterThan(0);
    expect(pair.pair.phase).toBe('serving');
  });

  it('R13, R22: after a relay that did not follow, the takeover is finished', () => {
    const pair = PairHarness.started();
    pair.inputs(2, 5);
    pair.run(40);
    pair.relay.stuck = true;
    pair.boards.a.halt();
    pair.inputs(2, 5, 'j');
    pair.runUntil(() => pair.ledger.stopped);
    pair.relay.stuck = false;
    const commands = pair.relay.commands.length;
    pair.command({ command: 'resume' });
    pair.run(400);
    expect(pair.relay.commands.slice(commands).map(({ to }) => to)).toEqual(['b']);
    const over = pair.ledger.notes.find(({ step }) => step === 'took-over')?.atUs;
    const arrived = pair.relay.seen.find(({ board }) => board === 'b')?.atUs;
    expect(over).toBeGreaterThanOrEqual(arrived ?? Number.NaN);
    expect([pair.ledger.owner, pair.ledger.stopped, pair.pair.phase]).toEqual(['b', false, 'serving']);
    expect(pair.relay.contact).toBe('b');
  });

  it('R22: is told so when it is not stopped', () => {
    const pair = PairHarness.started();
    const ref = pair.command({ command: 'resume' });
    expect(pair.commands.get(ref)).toBe('refused: The pair is not stopped.');
    pair.inputs(1);
    pair.run(50);
    expect(pair.upstream.answers).toHaveLength(1);
  });

  it('R22: with a primary that has shut itself down is given another start by resetting it', () => {
    const pair = PairHarness.started();
    pair.boards.b.halt();
    pair.inputs(1);
    pair.runUntil(() => pair.memberStateOf('b') === 'set-aside');
    pair.boards.a.fail('state-corrupt');
    pair.run(50);
    expect(pair.ledger.stopped).toBe(true);
    pair.boards.b.restart();
    pair.command({ command: 'resume' });
    pair.run(500);
    expect(pair.boards.a.resets).toBe(1);
    pair.inputs(2, 5, 'j');
    pair.run(100);
    expect(pair.upstream.answers).toHaveLength(3);
    expect(pair.isProtected).toBe(true);
    expect(pair.ledger.faultCodes()).toContain('pair-restarted');
  });
});
