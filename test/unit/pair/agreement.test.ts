import { describe, expect, it } from 'vitest';
import { type HarnessOptions, PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

/** A pair whose commits need both boards. */
function needingBoth(ifAlone: 'go-on' | 'hold' = 'go-on', options: HarnessOptions = {}): PairHarness {
  return PairHarness.started({ ...options, config: { commitNeeds: 'both', ifAlone, ...options.config } });
}

describe('commits that need both boards', () => {
  it('R2, R7: the copy goes as soon as the primary has answered, and neither board acts before both have', () => {
    const pair = needingBoth();
    pair.input('x', 1);
    pair.runUntil(() => pair.boards.b.executedSeqs.length === 1);
    expect(pair.boards.a.actedSeqs).toEqual([]);
    pair.run(60);
    const [a, b] = [pair.boards.a.acted[0], pair.boards.b.acted[0]];
    expect([a?.level, b?.level]).toEqual([pair.boards.a.level, pair.boards.a.level]);
    expect(a?.atUs).toBeGreaterThan(pair.boards.b.executions[0]?.atUs ?? Number.POSITIVE_INFINITY);
    expect(pair.answersTo('x')).toHaveLength(1);
    expectPromises(pair);
  });

  it('R3: with a window of several the order of execution is kept, whoever is faster', () => {
    const pair = needingBoth('go-on', { window: 4 });
    pair.boards.a.chooseNext = (queued) => queued.at(-1) ?? null;
    pair.inputs(12);
    pair.run(500);
    expect(pair.upstream.answers).toHaveLength(12);
    expect(pair.boards.b.executedSeqs).toEqual(pair.boards.a.executedSeqs);
    expect(pair.boards.a.level).toBe(pair.boards.b.level);
    expectPromises(pair);
  });

  it('R8, R19: of a wrong result nothing is committed, and nothing reaches the actuator', () => {
    for (const wrong of ['a', 'b'] as const) {
      const pair = needingBoth();
      pair.input('x', 1);
      pair.run(60);
      const before = pair.relay.seen.length;
      pair.boards[wrong].corrupt = () => 0x40;
      pair.input('y', 2);
      pair.run(300);
      expect(pair.relay.seen.slice(before), wrong).toEqual([]);
      expect(pair.answersTo('y'), wrong).toEqual([]);
      expect(pair.ledger.faultCodes(), wrong).toEqual(['mismatch', 'pair-stopped']);
    }
  });

  it('R5, R24: a backup that dies in the middle is set aside after its deadline, and the primary goes on alone', () => {
    const pair = needingBoth();
    pair.boards.b.onMoment = (moment) => moment === 'executing' && pair.boards.b.halt();
    pair.inputs(3, 10);
    pair.run(400);
    expect(pair.upstream.answers.map(({ ref }) => ref)).toEqual(['i1', 'i2', 'i3']);
    expect([pair.ledger.owner, pair.memberStateOf('b')]).toEqual(['a', 'set-aside']);
    expect(pair.ledger.faultCodes()).toEqual(['silent']);
    expectPromises(pair);
  });

  it('R14: what the primary waits for the other is not its own time', () => {
    const pair = needingBoth('go-on', { config: { deadlineUs: 60_000 } });
    pair.boards.b.slowDown(50_000);
    pair.boards.a.slowDown(40_000);
    pair.input('x', 1);
    pair.run(300);
    expect(pair.answersTo('x')).toHaveLength(1);
    expect(pair.ledger.faultCodes().filter((code) => code !== 'link-degraded')).toEqual([]);
    expect(pair.isProtected).toBe(true);
  });

  it.each(['result-sent', 'commit-arrived', 'acted', 'done-sent'] as const)(
    'R10, R22: a primary that dies at "%s": the other commits what it has executed already, once',
    (place) => {
      const pair = needingBoth();
      pair.boards.a.onMoment = (moment, _seq, payload) => moment === place && payload[0] === 2 && pair.boards.a.halt();
      pair.inputs(4, 5);
      pair.run(500);
      expect(pair.upstream.answers.map(({ ref }) => ref).sort()).toEqual(['i1', 'i2', 'i3', 'i4']);
      expect([pair.ledger.owner, pair.memberStateOf('a')]).toEqual(['b', 'locked-out']);
      const executed = pair.boards.b.executedSeqs;
      expect(new Set(executed).size).toBe(executed.length);
      expectPromises(pair);
    },
  );

  it('R27: a gateway killed while the primary waits for the other goes on where it was', () => {
    const pair = needingBoth();
    pair.input('x', 1);
    pair.runUntil(() => pair.boards.b.executedSeqs.length === 1);
    pair.killGateway();
    pair.run(5);
    pair.startGateway();
    pair.run(300);
    expect(pair.answersTo('x')).toHaveLength(1);
    expect([pair.boards.a.executedSeqs.length, pair.boards.b.executedSeqs.length]).toEqual([1, 1]);
    expect(pair.isProtected).toBe(true);
    expectPromises(pair);
  });
});

describe('answers that were never committed', () => {
  it('R3, R22, R27: are asked for again in the order in which they were executed, not in that of their seqs', () => {
    const pair = needingBoth('go-on', { window: 2 });
    const { a, b } = pair.boards;
    a.chooseNext = (queued) => (queued.length < 2 && a.executions.length === 0 ? null : Math.max(...queued));
    pair.links.b.fromBoard.loses = ({ message }) => message.kind === 'result';
    pair.inputs(2);
    pair.runUntil(() => b.executions.length === 2);
    pair.killGateway();
    pair.links.b.fromBoard.loses = () => false;
    a.restart();
    pair.startGateway();
    pair.run(600);
    expect([pair.ledger.owner, pair.ledger.stopped]).toEqual(['b', false]);
    expect(pair.upstream.answers).toHaveLength(2);
    expect(b.executions).toHaveLength(2);
    expectPromises(pair);
  });

  it.each([true, false])(
    'R3, R22, R27: come before what was only queued, which waits behind them (both: %s)',
    (both) => {
      const pair = PairHarness.started({ window: 4, config: { commitNeeds: both ? 'both' : 'primary' } });
      const { a, b } = pair.boards;
      if (!both) pair.cut('b');
      pair.run(20);
      const heir = both ? 'b' : 'a';
      const inAnyOrder = (queued: readonly number[]) => {
        if (queued.length === 1 || (queued.length < 3 && a.executions.length === 0)) return null;
        return Math.max(...queued);
      };
      a.chooseNext = inAnyOrder;
      pair.links[heir].fromBoard.loses = ({ message }) => message.kind === 'result';
      pair.inputs(3);
      if (both) {
        pair.runUntil(() => b.executions.length === 2);
        pair.killGateway();
        a.restart();
      } else {
        pair.runUntil(() => pair.ledger.stopped);
      }
      pair.links[heir].fromBoard.loses = () => false;
      a.chooseNext = (queued) => queued[0] ?? null;
      if (both) pair.startGateway();
      else pair.command({ command: 'resume' });
      pair.run(600);
      expect([pair.ledger.owner, pair.ledger.stopped]).toEqual([heir, false]);
      expect(pair.upstream.answers).toHaveLength(3);
      expect(pair.boards[heir].executions).toHaveLength(3);
    },
  );

  it('R22, R25: bind nobody who begins afresh', () => {
    const pair = needingBoth();
    const { a, b } = pair.boards;
    pair.inputs(3, 10);
    pair.run(200);
    let isDeadly = true;
    b.onMoment = (moment, _seq, payload) => isDeadly && moment === 'executing' && payload[0] === 99 && b.restart();
    pair.links.b.toBoard.loses = ({ message }) => message.kind === 'input';
    pair.input('x', 99);
    pair.runUntil(() => pair.refsOf(a.executedSeqs).includes('x'));
    pair.run(4);
    pair.cut('a');
    a.halt();
    pair.run(5);
    pair.links.b.toBoard.loses = () => false;
    pair.run(300);
    expect(pair.ledger.stopped).toBe(true);
    isDeadly = false;
    pair.command({ command: 'retry', seq: pair.seqOf('x') });
    pair.run(600);
    expect([pair.ledger.owner, pair.ledger.stopped]).toEqual(['b', false]);
    expect(pair.answersTo('x')).toHaveLength(1);
  });
});

describe('commits that need both boards, and nothing alone', () => {
  it('R7: with the backup gone nothing is given; once it is back all of it comes', () => {
    const pair = needingBoth('hold');
    pair.cut('b');
    pair.run(20);
    pair.inputs(3);
    pair.run(200);
    expect(pair.boards.a.executedSeqs).toEqual([]);
    expect(pair.upstream.answers).toEqual([]);
    pair.reconnect('b');
    pair.run(400);
    expect(pair.upstream.answers.map(({ ref }) => ref)).toEqual(['i1', 'i2', 'i3']);
    expect(pair.isProtected).toBe(true);
    expectPromises(pair);
  });

  it('R7, R25: what was executed when the backup was lost waits until a person answers for it', () => {
    const pair = needingBoth('hold');
    pair.boards.b.onMoment = (moment) => moment === 'executing' && pair.boards.b.halt();
    pair.input('x', 1);
    pair.run(300);
    expect([pair.boards.a.executedSeqs.length, pair.boards.a.actedSeqs.length]).toEqual([1, 0]);
    pair.boards.b.onMoment = () => undefined;
    pair.boards.b.restart();
    pair.run(3_000);
    expect(pair.boards.a.actedSeqs).toEqual([]);
    // Nobody tries in vain to join meanwhile.
    expect(pair.ledger.faultCodes()).toEqual(['silent']);
    const ref = pair.command({ command: 'resume' });
    expect(pair.commands.get(ref)).toBe(`done: Board a acts on input ${pair.seqOf('x')}.`);
    pair.run(600);
    expect(pair.answersTo('x')).toHaveLength(1);
    expect(pair.isProtected).toBe(true);
    expect(pair.commands.get(pair.command({ command: 'resume' }))).toBe('refused: The pair is not stopped.');
    pair.input('y', 2);
    pair.run(100);
    expect(pair.answersTo('y')).toHaveLength(1);
    expectPromises(pair);
  });

  it('R7, R27: what the primary had executed before a restart is held all the same, and can be answered for', () => {
    const pair = needingBoth('hold');
    pair.boards.b.onMoment = (moment) => moment === 'executing' && pair.boards.b.halt();
    pair.input('x', 1);
    pair.run(300);
    pair.killGateway();
    pair.startGateway();
    pair.run(300);
    expect([pair.boards.a.executedSeqs.length, pair.boards.a.actedSeqs.length]).toEqual([1, 0]);
    const ref = pair.command({ command: 'resume' });
    expect(pair.commands.get(ref)).toBe(`done: Board a acts on input ${pair.seqOf('x')}.`);
    pair.run(100);
    expect(pair.answersTo('x')).toHaveLength(1);
    expect(pair.boards.a.executedSeqs).toHaveLength(1);
    expectPromises(pair);
  });

  it('R25: a cold start joins before anything is given, and its comparisons count as agreement', () => {
    const pair = PairHarness.of({
      config: { commitNeeds: 'both', ifAlone: 'hold', joinComparisons: 2, probeEveryUs: 30_000 },
    });
    pair.startGateway();
    pair.input('x', 1);
    pair.run(800);
    expect(pair.answersTo('x')).toHaveLength(1);
    expect(pair.isProtected).toBe(true);
    expectPromises(pair);
  });

  it('R10, R25: a takeover ends though there is more to do: the other board joins, and both do it', () => {
    const pair = needingBoth('hold');
    pair.boards.a.onMoment = (moment, _seq, payload) =>
      moment === 'input-arrived' && payload[0] === 2 && pair.boards.a.halt();
    pair.inputs(5, 1);
    pair.run(400);
    pair.boards.a.onMoment = () => undefined;
    pair.boards.a.restart();
    pair.run(1_500);
    expect(pair.upstream.answers.map(({ ref }) => ref).sort()).toEqual(['i1', 'i2', 'i3', 'i4', 'i5']);
    expect([pair.ledger.owner, pair.isProtected]).toEqual(['b', true]);
    expectPromises(pair);
  });

  it('R10: after a takeover the new primary is alone, and acts on nothing that nobody else has answered', () => {
    const pair = needingBoth('hold');
    pair.boards.a.onMoment = (moment, _seq, payload) =>
      moment === 'input-arrived' && payload[0] === 2 && pair.boards.a.halt();
    pair.inputs(2, 20);
    pair.run(400);
    expect(pair.ledger.owner).toBe('b');
    expect(pair.upstream.answers.map(({ ref }) => ref)).toEqual(['i1']);
    expect(pair.boards.b.actedSeqs).toHaveLength(1);
  });
});
