import { describe, expect, it } from 'vitest';
import { type HarnessOptions, PairHarness } from './fixture/pair-harness.js';
import { brokenPromises, expectPromises } from './fixture/promises.js';

/** The gateway was restarted; the primary serves, and its backup, in the pair, has said HELLO and does not get its OPEN. */
function backupNotOpenYet(options: HarnessOptions = {}): PairHarness {
  const pair = PairHarness.started(options);
  pair.inputs(1);
  pair.run(40);
  pair.killGateway();
  pair.links.b.toBoard.loses = ({ message }) => message.kind === 'open';
  pair.startGateway();
  pair.runUntil(() => pair.pair.boards.get('a')?.session.state === 'open');
  expect([pair.pair.phase, pair.memberStateOf('b')]).toEqual(['serving', 'in-sync']);
  return pair;
}

describe('a primary that fails while its backup is being opened', () => {
  it('R10, R12: is given nothing more, and is taken over from once the backup has answered', () => {
    const pair = backupNotOpenYet();
    pair.boards.a.fail('state-corrupt');
    pair.run(2);
    const atUs = pair.schedule.nowUs;
    pair.input('x', 5);
    pair.run(10);
    expect([pair.ledger.fences, pair.ledger.stopped]).toEqual([[], false]);
    expect(pair.sentKinds('a', atUs)).toEqual([]);
    pair.links.b.toBoard.loses = () => false;
    pair.run(300);
    expect(pair.ledger.fences.map(({ from, owner: primary }) => [from, primary])).toEqual([['a', 'b']]);
    expect(pair.ledger.faults.find(({ code }) => code === 'failed')).toMatchObject({ board: 'a' });
    expect(pair.answersTo('x')).toHaveLength(1);
    expect(pair.pair.findings.waitingForPrimary).toBe(false);
    expectPromises(pair);
  });

  it.each(['restart', 'fail', 'cut', 'mute'] as const)(
    'R10: stops the pair when the backup turns out to be none (%s)',
    (how) => {
      const pair = backupNotOpenYet();
      pair.boards.a.fail('state-corrupt');
      pair.run(5);
      expect(pair.ledger.stopped).toBe(false);
      if (how === 'restart') pair.boards.b.restart();
      else if (how === 'fail') pair.boards.b.fail('output-corrupt');
      else if (how === 'cut') pair.cut('b');
      pair.run(how === 'mute' ? 120 : 10);
      expect([pair.pair.phase, pair.ledger.stopped, pair.memberStateOf('b')]).toEqual(['stopped', true, 'set-aside']);
      expect(pair.ledger.fences).toEqual([]);
      expect(pair.relay.commands).toEqual([]);
      const codes = pair.ledger.faults.map(({ code, board }) => `${code} ${board}`);
      expect(codes.slice(-2)).toEqual(['failed a', 'pair-stopped null']);
      expect(pair.ledger.faults.at(-2)?.evidence).toMatchObject({ backup: 'none that is in sync' });
      expect(brokenPromises(pair)).toEqual([]);
    },
  );

  it.each([false, true])(
    'R10: is waited for when only its link was lost, and taken back as it is (link back before the backup is lost: %s)',
    (early) => {
      const pair = backupNotOpenYet();
      pair.cut('a');
      pair.run(2);
      if (early) pair.reconnect('a');
      pair.run(2);
      const atUs = pair.schedule.nowUs;
      pair.boards.b.restart();
      pair.run(3);
      expect([pair.pair.findings.waitingForPrimary, pair.ledger.stopped]).toEqual([true, false]);
      expect(pair.sentKinds('a', atUs).slice(0, 1)).toEqual(early ? ['helloRequest'] : []);
      if (!early) pair.reconnect('a');
      pair.input('x', 5);
      pair.links.b.toBoard.loses = () => false;
      pair.run(300);
      expect([pair.ledger.owner, pair.boards.a.boot, pair.ledger.fences]).toEqual(['a', 1, []]);
      expect(pair.pair.findings.waitingForPrimary).toBe(false);
      expect(pair.answersTo('x')).toHaveLength(1);
      expectPromises(pair);
    },
  );

  it('R10: a port that opens and closes while its board is waited for is told once', () => {
    const pair = PairHarness.started();
    pair.cut('b');
    pair.cut('a');
    pair.run(50);
    pair.boards.a.halt();
    for (let times = 0; times < 20; times++) {
      pair.reconnect('a');
      pair.run(50);
      pair.cut('a');
      pair.run(50);
    }
    expect([pair.pair.findings.waitingForPrimary, pair.ledger.stopped]).toEqual([true, false]);
    expect(pair.ledger.faults.filter(({ code, board }) => code === 'unplugged' && board === 'a')).toHaveLength(1);
  });
});

describe('what a primary may have died of', () => {
  it('R22: while the gateway was down: its oldest inputs without a result, as many as it may have had in work', () => {
    const pair = PairHarness.started({ window: 2, config: { maxWindow: 2 } });
    const { a } = pair.boards;
    a.onMoment = (moment, _seq, payload) => moment === 'executing' && payload[0] === 2 && a.halt();
    pair.inputs(5);
    pair.runUntil(() => a.mode === 'halted');
    expect(pair.ledger.input(pair.seqOf('i1'))?.commit?.board).toBe('a');
    pair.killGateway();
    a.restart(false);
    pair.startGateway();
    pair.run(400);
    const attempts = (board: string): string[] =>
      pair.refsOf(pair.ledger.attempts.filter((one) => one.board === board).map(({ seq }) => seq));
    expect(attempts('a')).toEqual(['i2', 'i3']);
    expect(attempts('b')).toEqual(['i2', 'i3', 'i4', 'i5']);
    expect(pair.ledger.owner).toBe('b');
    for (const ref of ['i2', 'i3', 'i4', 'i5']) expect(pair.answersTo(ref)).toHaveLength(1);
    expect(brokenPromises(pair)).toEqual([]);
  });

  it('R22, R27: is nothing that was read back from the backup: that it never executed first', () => {
    const pair = PairHarness.started({ keepHistory: true });
    pair.input('x', 1);
    pair.runUntil(() => pair.boards.b.executedSeqs.length === 1);
    const [nothing] = pair.ledger.history;
    if (nothing === undefined) throw new Error('no history');
    pair.losePower(nothing);
    pair.boards.a.halt();
    pair.startGateway();
    pair.run(300);
    expect([...pair.ledger.journal.inputs.values()].map(({ kind }) => kind)).toEqual(['recovered']);
    expect(pair.ledger.attempts.filter(({ board }) => board === 'a')).toEqual([]);
    expect([pair.ledger.owner, pair.boards.b.actedSeqs.length]).toEqual(['b', 1]);
  });

  it('R22: an input that the second board has executed is not what it died of', () => {
    const pair = PairHarness.started();
    for (const board of Object.values(pair.boards)) {
      board.onMoment = (moment, _seq, payload) => {
        if (payload[0] !== 13) return;
        if (board.id === 'a' && moment === 'executing') board.halt();
        if (board.id === 'b' && moment === 'result-sent') pair.ledgerAnswers = false;
      };
    }
    pair.input('x', 13);
    pair.runUntil(() =>
      [...(pair.pair.boards.get('b')?.work.exchanges.values() ?? [])].some(({ state }) => state === 'awaiting-commit'),
    );
    pair.boards.b.restart();
    pair.run(5);
    expect(pair.pair.phase).toBe('stopped');
    pair.ledgerAnswers = true;
    pair.run(300);
    expect(pair.ledger.attempts.map(({ board }) => board)).toEqual(['a', 'b', 'b']);
    expect(pair.ledger.input(pair.seqOf('x'))?.quarantined).toBe(false);
    expect(pair.ledger.faultCodes()).not.toContain('input-quarantined');
    expect(pair.upstream.refused).toEqual([]);
  });
});

describe('a fence', () => {
  it('R10, R26: after a switchover ends it first, so that a start does not roll the switchover forward', () => {
    const pair = PairHarness.started();
    pair.inputs(2, 5);
    pair.run(40);
    pair.command({ command: 'switch' });
    pair.runUntil(() => pair.relay.commands.length === 1);
    pair.boards.b.restart();
    pair.run(300);
    const about = pair.ledger.applied.filter((type) => type === 'recordFence' || type === 'recordTakeoverEnded');
    expect(about).toEqual(['recordFence', 'recordTakeoverEnded', 'recordFence', 'recordTakeoverEnded']);
    expect(pair.ledger.owner).toBe('a');
  });

  it('R19: of a board that a policy judged wrong keeps it out, also when the gateway dies right after', () => {
    const pair = PairHarness.started({ config: { onMismatch: 'switch' } });
    pair.boards.a.corrupt = () => 1;
    pair.input('x', 1);
    pair.runUntil(() => pair.ledger.fences.length === 1);
    pair.runUntil(() => pair.memberStateOf('a') === 'kept-out', 5);
    expect(pair.ledger.takeover).toMatchObject({ from: 'a', to: 'b' });
    pair.killGateway();
    pair.startGateway();
    const atUs = pair.schedule.nowUs;
    pair.run(400);
    expect([pair.memberStateOf('a'), pair.ledger.owner, pair.relay.contact]).toEqual(['kept-out', 'b', 'b']);
    expect(pair.sentKinds('a', atUs)).toEqual([]);
  });
});

describe('a board that fails on its way into the pair', () => {
  it('R25: and had been given nothing is tried again after a while, not at once', () => {
    const pair = PairHarness.started({ config: { maxPending: 400, joinPatienceUs: 500_000 } });
    pair.boards.b.restart();
    pair.inputs(200, 1);
    pair.runUntil(() => pair.joinStepOf('b') === 'waiting');
    const atUs = pair.schedule.nowUs;
    pair.boards.b.fail('output-corrupt');
    pair.run(300);
    const asked = pair.links.b.sent.find((sent) => sent.atUs > atUs && sent.message.kind === 'helloRequest');
    expect((asked?.atUs ?? 0) - atUs).toBeGreaterThanOrEqual(pair.config.helloTimeoutUs);
    expect(pair.ledger.faultCodes()).toContain('joining-failed');
  });
});
