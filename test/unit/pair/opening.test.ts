import { describe, expect, it } from 'vitest';
import { alone, helloOf } from './fixture/alone.js';
import { PairHarness } from './fixture/pair-harness.js';
import { brokenPromises, expectPromises } from './fixture/promises.js';

/** When the execution that is under way at a board ends, if it is slowed down by so much. */
function executionEndsUs(pair: PairHarness, board: 'a' | 'b', slowUs: number): { atUs: number } {
  const end = { atUs: Number.NaN };
  pair.boards[board].onMoment = (moment) => {
    if (moment === 'input-arrived' && Number.isNaN(end.atUs)) end.atUs = pair.schedule.nowUs + 2_000 + slowUs;
  };
  pair.boards[board].slowDown(slowUs);
  return end;
}

describe('a link that is lost while a start asks who is there', () => {
  it('R15, R27: whose board has taken the OPEN, and could not say so any more, has not restarted', () => {
    const pair = PairHarness.started();
    pair.cut('b');
    pair.run(50);
    pair.boards.a.restart();
    pair.run(50);
    expect(pair.ledger.stopped).toBe(true);
    pair.command({ command: 'resume' });
    const { session } = pair.boards.a;
    pair.runUntil(() => pair.boards.a.session > session);
    pair.cut('a');
    pair.run(10);
    const faults = pair.ledger.faults.length;
    pair.reconnect('a');
    pair.input('x', 2);
    pair.run(200);
    expect(pair.answersTo('x')).toHaveLength(1);
    expect(pair.ledger.faultCodes().slice(faults)).toEqual([]);
    expect([pair.pair.phase, pair.boards.a.boot]).toEqual(['serving', 2]);
  });

  it('R27: what its board had said does not count any more: it is asked again before the pair goes on', () => {
    const pair = PairHarness.started();
    pair.inputs(1);
    pair.run(40);
    pair.killGateway();
    pair.links.b.fromBoard.loses = () => true;
    pair.startGateway();
    pair.run(5);
    pair.cut('a');
    pair.run(2);
    pair.links.b.fromBoard.loses = () => false;
    const atUs = pair.schedule.nowUs;
    pair.run(50);
    expect(pair.pair.phase).toBe('starting');
    expect(pair.sentKinds('b', atUs)).not.toContain('open');
    pair.reconnect('a');
    pair.input('x', 2);
    pair.run(200);
    expect([pair.pair.phase, pair.ledger.owner, pair.boards.a.boot]).toEqual(['serving', 'a', 1]);
    expect(pair.answersTo('x')).toHaveLength(1);
    expect(pair.isProtected).toBe(true);
    expectPromises(pair);
  });
});

describe('asking who is there', () => {
  it('R27: is done each third of the greeting time, however often the time is told', () => {
    const pair = PairHarness.started();
    pair.killGateway();
    pair.links.a.fromBoard.loses = () => true;
    pair.startGateway();
    const atUs = pair.schedule.nowUs;
    for (let n = 0; n < 79; n++) {
      pair.run(1);
      pair.post({ type: 'timePassed' });
    }
    const asked = pair.links.a.sent.filter((sent) => sent.atUs >= atUs).map((sent) => sent.atUs - atUs);
    expect(asked).toEqual([0, 30_000, 60_000]);
  });

  it('R24: a backup that does not answer its OPEN leaves the pair, and it is said why', () => {
    const pair = PairHarness.started();
    pair.killGateway();
    pair.links.b.toBoard.loses = ({ message }) => message.kind === 'open';
    pair.startGateway();
    pair.input('x', 1);
    pair.run(150);
    const fault = pair.ledger.faults.find(({ board }) => board === 'b');
    expect(fault).toMatchObject({ code: 'silent', seq: null });
    expect(fault?.evidence).toEqual({ answered: 'no HELLO' });
    expect(pair.memberStateOf('b')).toBe('set-aside');
    expect(pair.answersTo('x')).toHaveLength(1);
  });
});

describe('between HELLO and OPEN', () => {
  it('R27: an answer of the session before does not open the new one', () => {
    const pair = PairHarness.started();
    pair.inputs(1);
    pair.run(40);
    pair.killGateway();
    pair.links.a.toBoard.loses = ({ message }) => message.kind === 'open';
    pair.startGateway();
    pair.runUntil(() => pair.sentKinds('a').at(-1) === 'open');
    pair.forge('a', helloOf(pair, 'a'));
    pair.input('x', 2);
    pair.run(10);
    expect(pair.sentKinds('a').at(-1)).toBe('open');
    expect(pair.pair.boards.get('a')?.session.state).toBe('opening');
    pair.links.a.toBoard.loses = () => false;
    pair.run(100);
    expect(pair.answersTo('x')).toHaveLength(1);
    expectPromises(pair);
  });

  it('R15: a board that restarts is told of with its new boot', () => {
    const pair = PairHarness.started();
    pair.killGateway();
    pair.links.b.toBoard.loses = ({ message }) => message.kind === 'open';
    pair.startGateway();
    pair.runUntil(() => pair.sentKinds('b').at(-1) === 'open');
    pair.boards.b.restart();
    pair.run(3);
    expect(pair.ledger.faults.at(-1)).toMatchObject({ code: 'restarted', board: 'b' });
    expect(pair.ledger.faults.at(-1)?.evidence).toEqual({ resetCause: 'powerOn', boot: 2 });
  });

  it('R25: a joiner that restarts once more is opened as what it is now, and the join goes on', () => {
    const pair = PairHarness.started();
    pair.boards.b.restart();
    pair.runUntil(() => pair.sentKinds('b').at(-1) === 'open');
    pair.boards.b.restart();
    pair.run(40);
    expect(pair.isProtected).toBe(true);
    expect([pair.boards.b.boot, pair.boards.b.resets]).toEqual([3, 0]);
    expect(pair.ledger.faultCodes()).toEqual(['restarted']);
  });

  it('R25: a joiner that says that it has failed is made to restart, at once', () => {
    const pair = PairHarness.started();
    pair.boards.b.restart();
    pair.runUntil(() => pair.sentKinds('b').at(-1) === 'open');
    pair.forge('b', helloOf(pair, 'b', { failed: true }), 0);
    expect(pair.sentKinds('b').at(-1)).toBe('reset');
    pair.run(100);
    expect(pair.isProtected).toBe(true);
    expect(pair.ledger.faultCodes()).toEqual(['restarted']);
  });

  it.each([false, true])(
    'R27: what the primary executes, and the ledger has lost, is read back; the backup joins anew (kept out: %s)',
    (keptOut) => {
      const pair = PairHarness.started({ keepHistory: true, config: { flapLimit: keptOut ? 0 : 3 } });
      if (keptOut) pair.boards.b.restart();
      pair.run(60);
      expect(pair.memberStateOf('b')).toBe(keptOut ? 'kept-out' : 'in-sync');
      const before = pair.memberStatesOf('b').length;
      const end = executionEndsUs(pair, 'a', 30_000);
      pair.input('x', 1);
      pair.runUntil(() => !Number.isNaN(end.atUs));
      const journal = structuredClone(pair.ledger.journal);
      journal.inputs.clear();
      pair.losePower(journal);
      pair.run((end.atUs - pair.schedule.nowUs) / 1000 - 2);
      pair.startGateway();
      pair.run(1.5);
      expect([pair.boards.a.executedSeqs.length, pair.pair.phase]).toEqual([0, 'starting']);
      pair.run(200);
      expect([...pair.ledger.journal.inputs.values()].map(({ kind }) => kind)).toEqual(['recovered']);
      expect(pair.boards.a.actedSeqs).toHaveLength(1);
      if (keptOut) expect(pair.memberStateOf('b')).toBe('kept-out');
      else expect(pair.memberStatesOf('b').slice(before)).toEqual(['set-aside', 'joining', 'in-sync']);
      pair.input('y', 2);
      pair.run(60);
      expect(pair.answersTo('y')).toHaveLength(1);
      expect(pair.isProtected).toBe(!keptOut);
      expect(brokenPromises(pair)).toEqual([]);
    },
  );

  it('R22: a board that executes then what a person has just dropped has failed, and says so', () => {
    const pair = PairHarness.started();
    const { a, b } = pair.boards;
    a.onMoment = (moment, _seq, payload) => moment === 'executing' && payload[0] === 13 && a.halt();
    const end = executionEndsUs(pair, 'b', 100_000);
    pair.input('x', 13);
    pair.runUntil(() => pair.ledger.stopped);
    const seq = pair.seqOf('x');
    pair.run((end.atUs - pair.schedule.nowUs) / 1000 - 2);
    expect(b.executedSeqs).toEqual([]);
    pair.command({ command: 'drop', seq });
    pair.run(30);
    expect(b.executedSeqs).toEqual([seq]);
    const fault = pair.ledger.faults.find(({ code }) => code === 'failed');
    expect(fault).toMatchObject({ board: 'b', evidence: { reason: 'has executed an input that was dropped' } });
    expect([pair.pair.phase, b.actedSeqs]).toEqual(['stopped', []]);
    pair.command({ command: 'resume' });
    pair.input('y', 2);
    pair.run(200);
    expect([b.resets, pair.answersTo('y').length]).toEqual([1, 1]);
  });
});

describe('an open session', () => {
  it('R15: a HELLO in it with another boot is that of a board that has restarted', () => {
    const pair = PairHarness.started();
    pair.forge('b', helloOf(pair, 'b', { boot: 7 }));
    pair.run(2);
    expect(pair.ledger.faults.at(-1)).toMatchObject({ code: 'restarted', board: 'b', evidence: { boot: 7 } });
  });
});

describe('a primary that was waited for', () => {
  it.each([
    ['another boot', { boot: 7 }, 'restarted', { resetCause: 'powerOn', boot: 7 }],
    ['FAILED', { failed: true }, 'failed', { reason: 'says so in HELLO' }],
  ] as const)('R10: and comes back with %s is told of as that', (_what, more, code, evidence) => {
    const pair = alone();
    pair.cut('a');
    pair.run(20);
    pair.links.a.toBoard.loses = () => true;
    pair.reconnect('a');
    pair.forge('a', helloOf(pair, 'a', more));
    pair.run(5);
    expect(pair.ledger.faults.at(-2)).toMatchObject({ code, board: 'a' });
    expect(pair.ledger.faults.at(-2)?.evidence).toEqual({ ...evidence, backup: 'none that is in sync' });
    expect(pair.ledger.stopped).toBe(true);
  });

  it('R27: keeps what it has executed, and does not execute it again', () => {
    const pair = alone();
    pair.links.a.fromBoard.loses = ({ message }) => message.kind === 'result';
    pair.input('x', 2);
    pair.runUntil(() => pair.boards.a.executedSeqs.length === 2);
    pair.cut('a');
    pair.run(20);
    pair.links.a.fromBoard.loses = () => false;
    pair.reconnect('a');
    pair.run(100);
    expect(pair.boards.a.executedSeqs).toHaveLength(2);
    expect(pair.answersTo('x')).toHaveLength(1);
    expectPromises(pair);
  });
});

describe('a board that opening its port has restarted', () => {
  /** The gateway starts, and opens the ports of these boards so that they restart. */
  function startedAnew(resets: readonly ('a' | 'b')[]): PairHarness {
    const pair = PairHarness.started();
    pair.inputs(2);
    pair.run(40);
    pair.killGateway();
    for (const board of resets) pair.links[board].cut();
    pair.startGateway();
    for (const board of resets) pair.reconnect(board, true);
    pair.runUntil(() => pair.isProtected, 10_000);
    pair.input('x', 1);
    pair.run(50);
    expect(pair.answersTo('x')).toHaveLength(1);
    expectPromises(pair);
    return pair;
  }

  it('R24, R27: as the backup joins anew, without a fault of its own', () => {
    const pair = startedAnew(['b']);
    expect(pair.ledger.faultCodes()).toEqual(['gateway-restarted']);
    expect(pair.ledger.boards.get('b')?.exits).toEqual([]);
  });

  it('R10, R27: as the primary is replaced by the backup, which has the state, and it does not count against it', () => {
    const pair = startedAnew(['a']);
    expect(pair.ledger.faults.map(({ code, evidence }) => [code, evidence['byOpening']])).toEqual([
      ['gateway-restarted', undefined],
      ['restarted', true],
    ]);
    expect(pair.ledger.owner).toBe('b');
    expect(pair.ledger.boards.get('a')?.exits).toEqual([]);
  });

  it('R22: has not died of what it had in work', () => {
    const pair = PairHarness.started();
    pair.boards.a.slowDown(40_000);
    pair.input('x', 1);
    pair.run(5);
    pair.killGateway();
    pair.links.a.cut();
    pair.startGateway();
    pair.reconnect('a', true);
    pair.runUntil(() => pair.isProtected, 10_000);
    expect(pair.answersTo('x')).toHaveLength(1);
    expect(pair.ledger.applied.filter((type) => type === 'quarantine')).toEqual([]);
    expectPromises(pair);
  });

  it('R10: of the board that is taking over stops the pair: there is nobody else', () => {
    const pair = PairHarness.started();
    pair.ledgerAnswers = false;
    pair.boards.a.fail('state-corrupt');
    pair.runUntil(() => pair.pair.phase === 'fencing');
    pair.cut('b');
    pair.run(5);
    pair.reconnect('b', true);
    pair.run(50);
    pair.ledgerAnswers = true;
    pair.run(500);
    expect(pair.ledger.faultCodes()).toEqual(['failed', 'unplugged', 'restarted', 'pair-stopped']);
    expect(pair.ledger.applied.filter((type) => type === 'quarantine')).toEqual([]);
    pair.command({ command: 'resume' });
    pair.runUntil(() => pair.isProtected, 5_000);
    expect(pair.relay.contact).toBe('b');
  });

  it('R22: does not hide that the second board hung on the same input', () => {
    const pair = PairHarness.started();
    pair.boards.a.onMoment = (moment) => moment === 'executing' && pair.boards.a.halt();
    pair.boards.b.onMoment = (moment) => moment === 'executing' && pair.boards.b.halt();
    pair.input('x', 1);
    pair.runUntil(() => pair.boards.b.mode === 'halted');
    pair.cut('b');
    pair.run(5);
    pair.reconnect('b', true);
    pair.runUntil(() => pair.ledger.stopped);
    pair.run(20);
    expect(pair.ledger.faultCodes()).toEqual(['silent', 'unplugged', 'restarted', 'input-quarantined', 'pair-stopped']);
  });

  it('R15: is believed once: a restart of its own afterwards is a fault', () => {
    const pair = startedAnew(['b']);
    pair.boards.b.restart();
    pair.run(50);
    expect(pair.ledger.faultCodes()).toEqual(['gateway-restarted', 'restarted']);
    expect(pair.ledger.faults[1]?.evidence).not.toHaveProperty('byOpening');
  });
});
