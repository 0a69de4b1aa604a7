import { describe, expect, it } from 'vitest';
import type { Moment } from './fixture/commanded-board.js';
import { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

const moments: readonly Moment[] = ['input-arrived', 'executing', 'result-sent', 'commit-arrived', 'acted'];

/** Lets board a die at `moment` of input `ref`. */
function dieAt(pair: PairHarness, moment: Moment, ref: string, die: () => void): void {
  pair.boards.a.onMoment = (reached, seq) => {
    if (reached === moment && pair.ledger.input(seq)?.ref === ref) die();
  };
}

describe('taking over', () => {
  describe.each([1, 3])('with a window of %i', (window) => {
    it.each(moments)('R10: the primary hangs at %s: nothing is lost, acted on twice or out of order', (moment) => {
      const pair = PairHarness.started({ window });
      dieAt(pair, moment, 'i3', () => pair.boards.a.halt());
      pair.inputs(6, 8);
      pair.run(600);
      expect(pair.ledger.fences).toHaveLength(1);
      expect(pair.upstream.answers.map(({ ref }) => ref).sort()).toEqual(['i1', 'i2', 'i3', 'i4', 'i5', 'i6']);
      expect(pair.refsOf(pair.boards.b.executedSeqs)).toEqual(['i1', 'i2', 'i3', 'i4', 'i5', 'i6']);
      expect(pair.boards.b.actedSeqs).toEqual(pair.boards.b.executedSeqs);
      expect(pair.relay.contact).toBe('b');
      expect(pair.ledger.faultCodes()).toContain('silent');
      expectPromises(pair);
    });

    it.each(moments)('R10: the primary restarts at %s: noticed without a deadline, and nothing is lost', (moment) => {
      const pair = PairHarness.started({ window });
      let diedUs = 0;
      dieAt(pair, moment, 'i3', () => {
        diedUs = pair.schedule.nowUs;
        pair.boards.a.restart();
      });
      pair.inputs(6, 8);
      pair.run(600);
      const [fault] = pair.ledger.faults;
      expect(fault?.code).toBe('restarted');
      expect((fault?.atUs ?? 0) - diedUs).toBeLessThan(5_000);
      expect(pair.upstream.answers).toHaveLength(6);
      expect(pair.boards.b.actedSeqs).toHaveLength(6);
      expectPromises(pair);
    });
  });

  it('R10: the fence is in the ledger before the relay moves', () => {
    const pair = PairHarness.started();
    pair.boards.a.fail('state-corrupt');
    pair.ledgerAnswers = false;
    pair.run(300);
    expect(pair.relay.commands).toEqual([]);
    pair.ledgerAnswers = true;
    pair.run(50);
    expect(pair.relay.commands.map(({ to }) => to)).toEqual(['b']);
    expect(pair.relay.commands[0]?.atUs).toBeGreaterThanOrEqual(pair.ledger.fences[0]?.atUs ?? Number.NaN);
    expectPromises(pair);
  });

  it('R10: a grant that was on its way when its board was accused reaches neither the board nor upstream twice', () => {
    const pair = PairHarness.started();
    pair.input('x', 1);
    pair.runUntil(() => pair.boards.a.executedSeqs.length === 1);
    pair.run(1.1);
    // The commit is at the ledger; now the primary says that it has failed, and the ledger takes its time.
    pair.ledgerAnswers = false;
    pair.boards.a.fail('output-corrupt');
    pair.run(20);
    pair.ledgerAnswers = true;
    pair.run(200);
    expect(pair.links.a.sent.filter(({ message }) => message.kind === 'commit')).toEqual([]);
    expect(pair.boards.a.actedSeqs).toEqual([]);
    expect(pair.ledger.input(pair.seqOf('x'))?.commit?.board).toBe('a');
    expect(pair.answersTo('x')).toHaveLength(1);
    expect(pair.boards.b.actedSeqs).toHaveLength(1);
    expectPromises(pair);
  });

  it('R9: an answer that was given before the fence is not given again by the new owner', () => {
    const pair = PairHarness.started();
    pair.boards.a.onMoment = (moment) => moment === 'acted' && pair.boards.a.halt();
    pair.input('x', 1);
    pair.run(300);
    expect(pair.ledger.owner).toBe('b');
    expect(pair.boards.b.actedSeqs).toEqual([pair.seqOf('x')]);
    expect(pair.answersTo('x').map(({ repeat }) => repeat)).toEqual([false]);
  });

  it('R12: the list of what is pending comes from the fence transaction: a commit that memory never heard of is adopted', () => {
    const pair = PairHarness.started();
    pair.input('x', 1);
    pair.runUntil(() => pair.boards.a.executedSeqs.length === 1);
    pair.ledgerAnswers = false;
    pair.run(2);
    pair.cut('a');
    pair.run(10);
    pair.ledgerAnswers = true;
    pair.run(200);
    const commit = pair.ledger.input(pair.seqOf('x'))?.commit;
    expect([commit?.board, commit?.epoch]).toEqual(['a', 1]);
    expect(pair.answersTo('x').map(({ repeat }) => repeat)).toEqual([false]);
    expect(pair.boards.b.actedSeqs).toHaveLength(1);
    expectPromises(pair);
  });

  it('R8: a late result of the fenced board meets the constraint, and VIOLATION waits until the relay has moved', () => {
    const pair = PairHarness.started();
    pair.inputs(1);
    pair.run(50);
    pair.boards.a.slowDown(75_000);
    pair.input('late', 2);
    pair.run(300);
    expect(pair.ledger.refused).toEqual([{ board: 'a', seq: pair.seqOf('late'), outcome: 'locked-out' }]);
    const told = pair.boards.a.heard.map(({ message }) => message.kind);
    expect(told.filter((kind) => kind === 'violation')).toHaveLength(1);
    // R25: it comes back as the backup, and only by a restart.
    expect(told.indexOf('reset')).toBeGreaterThan(told.indexOf('violation'));
    expect(pair.memberStateOf('a')).toBe('in-sync');
    // The late board's safe level never reached the actuator: no level is seen to drop once the first was there.
    const levels = pair.relay.seen.filter(({ board }) => board !== null).map(({ level }) => level);
    expect(levels.lastIndexOf(null)).toBeLessThan(levels.findIndex((level) => level !== null));
    expect(pair.answersTo('late')).toHaveLength(1);
    expectPromises(pair);
  });

  it('R10: VIOLATION is held back as long as the relay is on its way', () => {
    const pair = PairHarness.started();
    pair.boards.a.slowDown(61_000);
    pair.relay.operateUs = () => 90_000;
    pair.input('late', 2);
    pair.runUntil(() => pair.ledger.refused.length > 0);
    expect(pair.relay.contact).not.toBe('b');
    pair.run(30);
    expect(pair.boards.a.heard.some(({ message }) => message.kind === 'violation')).toBe(false);
    pair.run(100);
    expect(pair.relay.contact).toBe('b');
    expect(pair.boards.a.heard.some(({ message }) => message.kind === 'violation')).toBe(true);
    expectPromises(pair);
  });

  it('R10: with much left to catch up on, the backup does so first, and the relay moves onto its newest level', () => {
    const pair = PairHarness.started({ window: 4, config: { drainUs: 500_000 } });
    pair.boards.b.slowDown(30_000);
    pair.inputs(4);
    pair.runUntil(() => pair.boards.a.actedSeqs.length === 4);
    pair.boards.a.halt();
    pair.input('next', 9);
    pair.run(400);
    const moved = pair.relay.commands[0]?.atUs ?? 0;
    const actedBefore = pair.boards.b.acted.filter(({ atUs }) => atUs <= moved).map(({ seq }) => seq);
    expect(pair.refsOf(actedBefore)).toEqual(['i1', 'i2', 'i3', 'i4']);
    expectPromises(pair);
  });

  it('R10: what is left to act on fits into the time that the relay takes: it moves at once', () => {
    const pair = PairHarness.started();
    pair.inputs(1);
    pair.run(50);
    pair.boards.a.onMoment = (moment) => moment === 'acted' && pair.cut('a');
    pair.input('x', 7);
    pair.run(100);
    const [command] = pair.relay.commands;
    const acted = pair.boards.b.acted.find(({ seq }) => seq === pair.seqOf('x'));
    expect(command?.atUs).toBe(pair.ledger.fences[0]?.atUs);
    expect(acted?.atUs).toBeGreaterThan(command?.atUs ?? Number.NaN);
    expectPromises(pair);
  });

  it('R10: the backup catches up for a bounded time only: then the relay moves anyway', () => {
    const pair = PairHarness.started({ window: 4, config: { drainUs: 20_000, deadlineUs: 200_000 } });
    pair.boards.b.slowDown(150_000);
    pair.inputs(4);
    pair.runUntil(() => pair.boards.a.actedSeqs.length === 4);
    pair.cut('a');
    pair.run(40);
    const [command] = pair.relay.commands;
    expect((command?.atUs ?? 0) - (pair.ledger.fences[0]?.atUs ?? 0)).toBe(20_000);
  });

  it('R10: the contact does not close on an older output, also when the pins of a primary that restarted float', () => {
    const pair = PairHarness.started({ window: 4 });
    pair.boards.b.slowDown(30_000);
    pair.inputs(4);
    pair.runUntil(() => pair.boards.a.actedSeqs.length === 4);
    pair.boards.a.restart();
    pair.run(10);
    expect(pair.boards.b.actedSeqs.length).toBeLessThan(4);
    expect(pair.relay.commands).toEqual([]);
    pair.run(300);
    expectPromises(pair);
  });

  it('R13: a relay that does not follow stops the pair, and the locked-out board is not driven to its safe levels', () => {
    const pair = PairHarness.started();
    pair.relay.stuck = true;
    pair.boards.a.slowDown(80_000);
    pair.inputs(2, 5);
    pair.run(400);
    expect(pair.ledger.faultCodes()).toEqual(expect.arrayContaining(['silent', 'relay-stuck', 'pair-stopped']));
    expect(pair.ledger.stopped).toBe(true);
    expect(pair.boards.a.heard.some(({ message }) => message.kind === 'violation')).toBe(false);
    pair.input('more', 1);
    expect(pair.upstream.refused).toEqual([{ ref: 'more', reason: 'stopped' }]);
    expectPromises(pair);
  });

  it('R10: without a backup in sync a primary that fails stops the pair, and nothing is fenced', () => {
    const pair = PairHarness.started();
    pair.boards.b.fail('state-corrupt');
    pair.run(20);
    pair.boards.a.fail('state-corrupt');
    pair.run(200);
    expect(pair.ledger.fences).toEqual([]);
    expect(pair.ledger.stopped).toBe(true);
    expect(pair.relay.commands).toEqual([]);
  });

  it('R10: without a backup in sync a primary whose link is lost is waited for, and taken back as it is', () => {
    const pair = PairHarness.started();
    pair.boards.b.halt();
    pair.inputs(1);
    pair.runUntil(() => pair.memberStateOf('b') === 'set-aside');
    pair.inputs(3, 4, 'j');
    pair.run(9);
    pair.cut('a');
    pair.run(200);
    expect(pair.ledger.stopped).toBe(false);
    pair.reconnect('a');
    pair.run(300);
    expect(pair.boards.a.boot).toBe(1);
    expect(pair.upstream.answers).toHaveLength(4);
    expectPromises(pair);
  });

  it('R10: a link of the primary that returns while the fence is in flight cancels nothing', () => {
    const pair = PairHarness.started();
    pair.inputs(2, 4);
    pair.run(6);
    pair.ledgerAnswers = false;
    pair.cut('a');
    pair.run(5);
    const sent = pair.links.a.sent.length;
    pair.reconnect('a');
    pair.run(30);
    expect(pair.links.a.sent).toHaveLength(sent);
    pair.ledgerAnswers = true;
    pair.run(300);
    expect(pair.ledger.owner).toBe('b');
    expect(pair.upstream.answers).toHaveLength(2);
    expectPromises(pair);
  });

  it('R10: the link of the board that is taking over is lost: it is waited for, and the takeover goes on', () => {
    const pair = PairHarness.started();
    pair.boards.a.onMoment = (moment) => moment === 'executing' && pair.boards.a.halt();
    pair.boards.b.onMoment = (moment) => {
      if (moment !== 'executing') return;
      pair.boards.b.onMoment = () => undefined;
      pair.cut('b');
    };
    pair.inputs(2, 4);
    pair.run(150);
    const atUs = pair.schedule.nowUs;
    pair.run(150);
    expect(pair.ledger.stopped).toBe(false);
    expect(pair.sentKinds('b', atUs)).toEqual([]);
    pair.reconnect('b');
    pair.run(300);
    expect(pair.upstream.answers).toHaveLength(2);
    expectPromises(pair);
  });

  it('R10: the backup fails while the fence is on its way to it: the pair stops and says so', () => {
    const pair = PairHarness.started();
    pair.boards.a.fail('state-corrupt');
    pair.ledgerAnswers = false;
    pair.run(10);
    pair.boards.b.restart();
    pair.run(10);
    pair.ledgerAnswers = true;
    pair.run(300);
    expect(pair.ledger.stopped).toBe(true);
    expect(pair.ledger.faultCodes()).toEqual(expect.arrayContaining(['failed', 'restarted', 'pair-stopped']));
    expectPromises(pair);
  });

  it('R10: the link of the backup is lost while the fence is on its way to it: the takeover waits for it', () => {
    const pair = PairHarness.started();
    pair.inputs(1);
    pair.run(50);
    pair.boards.a.fail('state-corrupt');
    pair.ledgerAnswers = false;
    pair.run(10);
    pair.cut('b');
    pair.run(10);
    pair.ledgerAnswers = true;
    pair.run(100);
    pair.reconnect('b');
    pair.input('x', 5);
    pair.run(300);
    expect(pair.ledger.owner).toBe('b');
    expect(pair.answersTo('x')).toHaveLength(1);
    expectPromises(pair);
  });

  it('R22: both boards die of the same input: it is never given a third time, and the pair stops for the operator', () => {
    const pair = PairHarness.started();
    for (const board of Object.values(pair.boards)) {
      board.onMoment = (moment, _seq, payload) => moment === 'executing' && payload[0] === 13 && board.halt();
    }
    pair.input('good', 1);
    pair.run(50);
    pair.input('poison', 13);
    pair.input('after', 2);
    pair.run(600);
    const given = [...pair.links.a.sent, ...pair.links.b.sent].filter(
      ({ message }) => message.kind === 'input' && message.seq === pair.seqOf('poison'),
    );
    // Repeats of one giving aside (R14), each board was given it in one session.
    expect(new Set(given.map(({ session, message }) => `${session} ${message.kind}`)).size).toBeLessThanOrEqual(2);
    expect(pair.ledger.input(pair.seqOf('poison'))?.quarantined).toBe(true);
    expect(pair.upstream.refused).toContainEqual({ ref: 'poison', reason: 'quarantined' });
    expect(pair.ledger.stopped).toBe(true);
    expect(pair.ledger.input(pair.seqOf('poison'))?.attemptedBy.sort()).toEqual(['a', 'b']);
    expect(pair.ledger.faultCodes()).toContain('input-quarantined');
  });

  it('R22: poison that restarts boards is quarantined as well', () => {
    const pair = PairHarness.started();
    for (const board of Object.values(pair.boards)) {
      board.onMoment = (moment, _seq, payload) => moment === 'executing' && payload[0] === 13 && board.restart();
    }
    pair.input('poison', 13);
    pair.run(400);
    expect(pair.ledger.input(pair.seqOf('poison'))?.quarantined).toBe(true);
    expect([pair.boards.a.boot, pair.boards.b.boot]).toEqual([2, 2]);
    expect(pair.ledger.stopped).toBe(true);
  });

  it('R22: what the primary had a result for comes first, in its order; then the rest, one at a time', () => {
    const pair = PairHarness.started({ window: 3 });
    // The primary executes 2, 1 (of three) and hangs; the result of 1 comes, its commit does not.
    let turn = 0;
    pair.boards.a.chooseNext = (queued) => {
      if (turn === 0 && queued.length < 3) return null;
      return queued[turn++ === 0 ? 1 : 0] ?? null;
    };
    pair.links.a.toBoard.loses = ({ message }) =>
      message.kind === 'commit' && pair.ledger.input(message.seq)?.ref === 'i1';
    pair.boards.a.onMoment = (moment, seq) =>
      moment === 'executing' && pair.ledger.input(seq)?.ref === 'i3' && pair.boards.a.halt();
    pair.inputs(3);
    pair.run(400);
    expect(pair.refsOf(pair.boards.a.executedSeqs)).toEqual(['i2', 'i1']);
    expect(pair.refsOf(pair.boards.b.executedSeqs)).toEqual(['i2', 'i1', 'i3']);
    expect(pair.upstream.answers).toHaveLength(3);
    expectPromises(pair);
  });

  it.each([false, true])(
    'R3: a takeover releases 3, 1, 2 as it was executed, never by seq (gateway restarted: %s)',
    (restarted) => {
      const pair = PairHarness.started({ window: 3, config: { deadlineUs: 100_000 } });
      let turn = 0;
      pair.boards.a.chooseNext = (queued) => {
        if (turn === 0 && queued.length < 3) return null;
        return queued[turn++ === 0 ? 2 : 0] ?? null;
      };
      pair.links.b.toBoard.loses = ({ message }) => message.kind === 'input';
      pair.inputs(3);
      pair.runUntil(() => pair.ledger.journal.inputs.size === 3 && pair.boards.a.actedSeqs.length === 3);
      pair.run(3);
      if (restarted) pair.killGateway();
      pair.cut('a');
      pair.links.b.toBoard.loses = () => false;
      if (restarted) pair.startGateway();
      pair.run(500);
      expect(pair.refsOf(pair.boards.b.executedSeqs)).toEqual(['i3', 'i1', 'i2']);
      expect(pair.ledger.owner).toBe('b');
      expectPromises(pair);
    },
  );

  it('R22: what the backup computes differently from what was committed opens a fault and stops', () => {
    const pair = PairHarness.started();
    pair.boards.a.onMoment = (moment) => moment === 'acted' && pair.boards.a.halt();
    pair.boards.b.corrupt = () => 0xff;
    pair.input('x', 1);
    pair.run(400);
    expect(pair.ledger.faultCodes()).toEqual(expect.arrayContaining(['silent', 'mismatch', 'pair-stopped']));
    expect(pair.boards.b.actedSeqs).toEqual([]);
    expect(pair.answersTo('x')).toHaveLength(1);
    expectPromises(pair);
  });

  it('R22: an attempt is in the ledger for every uncommitted input that the new owner is given', () => {
    const pair = PairHarness.started();
    pair.boards.a.onMoment = (moment) => moment === 'executing' && pair.boards.a.halt();
    pair.inputs(2);
    pair.run(400);
    expect(pair.ledger.attempts).toEqual([
      { board: 'a', seq: pair.seqOf('i1') },
      { board: 'b', seq: pair.seqOf('i1') },
      { board: 'b', seq: pair.seqOf('i2') },
    ]);
  });
});
