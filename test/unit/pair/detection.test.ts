import { describe, expect, it } from 'vitest';
import { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

const anyFrame = () => true;

describe('deciding that a board failed', () => {
  it.each([
    ['INPUT', 'a', 'to'],
    ['COMMIT', 'a', 'to'],
    ['RESULT', 'a', 'from'],
    ['DONE', 'a', 'from'],
    ['INPUT', 'b', 'to'],
    ['COMMIT', 'b', 'to'],
    ['RESULT', 'b', 'from'],
    ['DONE', 'b', 'from'],
  ] as const)('R14: a lost %s of board %s is repeated in time, counted, and no takeover', (name, board, direction) => {
    const pair = PairHarness.started();
    const link = pair.links[board];
    const kind = name.toLowerCase();
    if (direction === 'to') link.toBoard.loseNext(({ message }) => message.kind === kind);
    else link.fromBoard.loseNext(({ message }) => message.kind === kind);
    pair.inputs(3, 10);
    pair.run(300);
    expect(link.toBoard.lost + link.fromBoard.lost).toBe(1);
    expect(pair.counts.get('link-degraded')).toBeGreaterThan(0);
    expect(pair.ledger.fences).toEqual([]);
    expect(pair.ledger.boards.get('b')?.standing).toBe('in-sync');
    expect(pair.upstream.answers).toHaveLength(3);
    expectPromises(pair);
  });

  it('R14: a primary that stays silent is declared failed at its deadline, not before and not much after', () => {
    const pair = PairHarness.started({ config: { deadlineUs: 60_000 } });
    pair.input('x', 1);
    pair.runUntil(() => pair.links.a.sent.some(({ message }) => message.kind === 'input'));
    const givenUs = pair.links.a.sent.find(({ message }) => message.kind === 'input')?.atUs ?? 0;
    pair.boards.a.halt();
    pair.run(200);
    expect((pair.ledger.faults.find(({ code }) => code === 'silent')?.atUs ?? 0) - givenUs).toBe(60_000);
    const repeats = pair.links.a.sent
      .filter(({ message }) => message.kind === 'input')
      .map(({ atUs }) => atUs - givenUs);
    expect(repeats).toEqual([0, 20_000, 40_000]);
    expectPromises(pair);
  });

  it('R14: each input has its own times: what is due for one repeats nothing of another', () => {
    const pair = PairHarness.started({ window: 3 });
    pair.boards.a.halt();
    pair.inputs(3, 7);
    pair.run(150);
    const times = [1, 2, 3].map((seq) =>
      pair.links.a.sent.flatMap(({ atUs, message }) => (message.kind === 'input' && message.seq === seq ? [atUs] : [])),
    );
    for (const [index, sent] of times.entries()) {
      const after = sent.map((atUs) => atUs - (sent[0] ?? 0));
      expect([index, after]).toEqual([index, [0, 20_000, 40_000]]);
    }
  });

  it.each(['a', 'b'] as const)(
    'R14: what is repeated to %s is what it owes an answer to: INPUT, and then COMMIT',
    (board) => {
      const pair = PairHarness.started();
      pair.links[board].fromBoard.loses = ({ message }) => message.kind === 'done';
      pair.input('x', 1);
      pair.run(60);
      const kinds = pair.links[board].sent.flatMap(({ message }) =>
        message.kind === 'input' || message.kind === 'commit' ? [message.kind] : [],
      );
      expect(kinds).toEqual(['input', 'commit', 'commit', 'commit'].slice(0, kinds.length));
      expect(kinds.length).toBeGreaterThan(2);
    },
  );

  it('R13: nothing is repeated, asked or probed by a pair that has stopped', () => {
    const pair = PairHarness.started({ config: { onMismatch: 'stop', probeEveryUs: 30_000 } });
    pair.boards.b.corrupt = () => 1;
    pair.inputs(3, 1);
    pair.runUntil(() => pair.pair.phase === 'stopped');
    const sent = [pair.links.a.sent.length, pair.links.b.sent.length];
    for (let n = 0; n < 20; n++) {
      pair.run(10);
      pair.post({ type: 'timePassed' });
    }
    expect([pair.links.a.sent.length, pair.links.b.sent.length]).toEqual(sent);
    expect(pair.ledger.faultCodes()).toEqual(['mismatch', 'pair-stopped']);
  });

  it('R14: time in which our own loop stood still is not the board’s time', () => {
    const pair = PairHarness.started();
    pair.input('x', 1);
    pair.runUntil(() => pair.links.a.sent.some(({ message }) => message.kind === 'input'));
    pair.links.a.fromBoard.loses = anyFrame;
    pair.run(50);
    pair.post({ type: 'loopStalled', stalledUs: 45_000 });
    pair.run(20);
    expect(pair.ledger.fences).toEqual([]);
    pair.links.a.fromBoard.loses = () => false;
    pair.run(200);
    expect(pair.ledger.fences).toEqual([]);
    expect(pair.answersTo('x')).toHaveLength(1);
    expectPromises(pair);
  });

  it.each([0, 1, 2, 3, 4])(
    'R17: a ledger that stands still for a second (from %i ms on) never causes a takeover',
    (atMs) => {
      const pair = PairHarness.started({ window: 2, silenceUs: 300_000 });
      pair.inputs(4, 2);
      pair.run(atMs);
      pair.ledgerAnswers = false;
      pair.run(1_000);
      pair.ledgerAnswers = true;
      pair.run(500);
      expect(pair.ledger.fences).toEqual([]);
      expect([...pair.ledger.boards.values()].map(({ standing: memberState }) => memberState)).toEqual([
        'in-sync',
        'in-sync',
      ]);
      expect(pair.upstream.answers).toHaveLength(4);
      expectPromises(pair);
    },
  );

  it('R15: a lost link is evidence that needs no deadline', () => {
    const pair = PairHarness.started();
    pair.inputs(3, 4);
    pair.run(6);
    const cutUs = pair.schedule.nowUs;
    pair.cut('a');
    pair.run(300);
    expect(pair.ledger.faults[0]).toMatchObject({ code: 'unplugged', board: 'a', atUs: cutUs });
    expect(pair.upstream.answers).toHaveLength(3);
    expectPromises(pair);
  });

  it('R15: a restart whose HELLO is lost is noticed all the same', () => {
    const pair = PairHarness.started();
    pair.input('before', 1);
    pair.run(50);
    pair.boards.a.restart(false);
    pair.input('x', 1);
    pair.run(200);
    expect(pair.ledger.faults[0]).toMatchObject({ code: 'restarted', board: 'a' });
    expect(pair.answersTo('x')).toHaveLength(1);
    expect(pair.boards.a.executions.filter(({ boot }) => boot === 2)).toEqual([]);
    expectPromises(pair);
  });

  it('R15: a board that says FAILED is believed at once', () => {
    const pair = PairHarness.started();
    pair.boards.a.fail('output-corrupt');
    pair.run(2);
    expect(pair.ledger.faults[0]).toMatchObject({ code: 'failed', board: 'a', evidence: { reason: 'output-corrupt' } });
    pair.run(100);
    expect(pair.relay.contact).toBe('b');
    expectPromises(pair);
  });

  it('R15: a result for a seq that was never given, and a result of another input, are evidence', () => {
    for (const change of [{ seq: 99 }, { inputMatches: false }]) {
      const pair = PairHarness.started();
      pair.input('x', 1);
      pair.runUntil(() => pair.links.a.sent.some(({ message }) => message.kind === 'input'));
      const result = {
        kind: 'result' as const,
        seq: pair.seqOf('x'),
        executionCount: 1,
        parts: [],
        digest: 1,
        hash: 1,
      };
      pair.post({
        type: 'messageReceived',
        board: 'a',
        session: pair.boards.a.session,
        message: { ...result, observed: [], inputMatches: true, ...change },
      });
      pair.run(200);
      expect(pair.ledger.faultCodes()[0]).toBe('unknown-result');
      expect(pair.ledger.owner).toBe('b');
      expect(pair.answersTo('x')).toHaveLength(1);
    }
  });

  it('R15: DONE without COMMIT is evidence', () => {
    const pair = PairHarness.started();
    pair.input('x', 1);
    pair.runUntil(() => pair.links.a.sent.some(({ message }) => message.kind === 'input'));
    const done = { kind: 'done' as const, seq: pair.seqOf('x'), stale: false, readBack: [] };
    pair.post({ type: 'messageReceived', board: 'a', session: pair.boards.a.session, message: done });
    pair.run(200);
    expect(pair.ledger.faultCodes()[0]).toBe('done-without-commit');
    expect(pair.ledger.owner).toBe('b');
  });

  it('R15: frames of an old session, and late repeats of old results, are no evidence', () => {
    const pair = PairHarness.started();
    pair.input('x', 1);
    pair.run(50);
    const result = { kind: 'result' as const, seq: pair.seqOf('x'), executionCount: 1, parts: [], digest: 1, hash: 1 };
    const message = { ...result, observed: [], inputMatches: true };
    pair.post({
      type: 'messageReceived',
      board: 'a',
      session: pair.boards.a.session - 1,
      message: { ...message, seq: 77 },
    });
    pair.post({ type: 'messageReceived', board: 'a', session: pair.boards.a.session, message });
    pair.run(50);
    expect(pair.ledger.faults).toEqual([]);
  });

  it('R16: a primary that hangs while the pair is idle is noticed by a probe, before the next input', () => {
    const pair = PairHarness.started({ config: { probeEveryUs: 100_000 } });
    pair.boards.a.halt();
    pair.run(250);
    expect(pair.ledger.faultCodes()).toContain('silent');
    expect(pair.relay.contact).toBe('b');
    expect(pair.upstream.answers).toEqual([]);
  });

  it('R16: the backup is probed as well, and an idle backup that has restarted is set aside', () => {
    const pair = PairHarness.started({ config: { probeEveryUs: 100_000 } });
    pair.boards.b.restart(false);
    pair.run(250);
    expect(pair.ledger.faults[0]).toMatchObject({ code: 'restarted', board: 'b' });
    expect(pair.ledger.owner).toBe('a');
    expectPromises(pair);
  });

  it('R16: nothing is probed while there is work, and an alarm for something else is no reason to', () => {
    const pair = PairHarness.started({ config: { probeEveryUs: 30_000, deadlineUs: 400_000 } });
    pair.boards.a.slowDown(200_000);
    pair.input('x', 1);
    const probes = pair.counts.get('probes');
    pair.run(180);
    expect(pair.counts.get('probes')).toBe(probes);
    pair.run(40);
    pair.cut('b');
    pair.run(1);
    pair.links.b.toBoard.loses = anyFrame;
    pair.reconnect('b');
    const before = pair.counts.get('probes') ?? 0;
    // The backup is asked who it is, again and again.
    for (let n = 0; n < 300; n++) {
      pair.run(1);
      pair.post({ type: 'timePassed' });
    }
    expect((pair.counts.get('probes') ?? 0) - before).toBeLessThanOrEqual(10);
    expect((pair.counts.get('probes') ?? 0) - before).toBeGreaterThan(5);
  });

  it('R16: probes are counted, answered to nobody, and never run out of seqs', () => {
    const pair = PairHarness.started({ config: { probeEveryUs: 50_000, reserveSeqs: 4 } });
    pair.run(2_000);
    expect(pair.counts.get('probes')).toBeGreaterThan(25);
    expect([...pair.ledger.journal.inputs.values()].filter(({ finished }) => !finished).length).toBeLessThanOrEqual(1);
    expect(pair.upstream.answers).toEqual([]);
    expect(pair.ledger.faults).toEqual([]);
  });
});
