import { describe, expect, it } from 'vitest';
import { type HarnessOptions, PairHarness } from './fixture/pair-harness.js';
import { brokenPromises, brokenWhenQuiet, expectPromises } from './fixture/promises.js';
import { stride } from './fixture/thin-out.js';

/** A pair that has worked, is at rest and is told to switch. */
function switched(options: HarnessOptions = {}): { readonly pair: PairHarness; readonly ref: string } {
  const pair = PairHarness.started(options);
  pair.inputs(3, 5);
  pair.run(60);
  return { pair, ref: pair.command({ command: 'switch' }) };
}

function memberStates(pair: PairHarness): (string | undefined)[] {
  return [pair.memberStateOf('a'), pair.memberStateOf('b')];
}

describe('a planned switchover', () => {
  it('R26: shows the actuator the old level, one gap, and the same level from the other board', () => {
    const { pair, ref } = switched();
    const before = pair.relay.seen.length;
    const level = pair.boards.a.level;
    pair.run(60);
    expect(pair.relay.seen.slice(before - 1).map((sight) => [sight.board, sight.level])).toEqual([
      ['a', level],
      [null, null],
      ['b', level],
    ]);
    expect(pair.commands.get(ref)).toBe('done: Board b is the primary now, board a the backup.');
    expect([pair.ledger.owner, pair.ledger.epoch]).toEqual(['b', 2]);
    expect(memberStates(pair)).toEqual(['in-sync', 'in-sync']);
    expectPromises(pair);
  });

  it('R26: nothing is lost or answered twice while inputs come as fast as they can', () => {
    for (const window of [1, 3]) {
      for (let atMs = 20; atMs < 30; atMs += stride) {
        const pair = PairHarness.started({ window, config: { maxPending: 100 } });
        pair.inputs(40, 1);
        pair.run(atMs);
        const ref = pair.command({ command: 'switch' });
        pair.run(900);
        expect(pair.commands.get(ref)).toMatch(/^done: /);
        expect(pair.upstream.answers.map((answer) => answer.repeat)).toEqual(Array(40).fill(false));
        expect(new Set(pair.upstream.answers.map((answer) => answer.ref)).size).toBe(40);
        expect(pair.relay.commands).toHaveLength(1);
        expect(memberStates(pair)).toEqual(['in-sync', 'in-sync']);
        // Both boards have executed the same, in the same order, whoever was first.
        expect(pair.boards.b.executedSeqs).toEqual(pair.boards.a.executedSeqs);
        expectPromises(pair);
      }
    }
  });

  it('R26: the fence comes when both boards have acted on everything that either was given', () => {
    const pair = PairHarness.started({ window: 3 });
    pair.boards.b.slowDown(30_000);
    pair.inputs(4);
    pair.run(12);
    pair.command({ command: 'switch' });
    pair.runUntil(() => pair.ledger.fences.length === 1);
    expect(pair.ledger.fences[0]).toMatchObject({ from: 'a', owner: 'b', locksOut: false });
    expect(pair.boards.b.actedSeqs).toEqual(pair.boards.a.actedSeqs);
    expect(pair.boards.b.level).toBe(pair.boards.a.level);
    pair.run(200);
    expectPromises(pair);
  });

  it('R5, R26: a backup that is far behind does not hold up the primary until it is nearly there', () => {
    const pair = PairHarness.started({ config: { maxPending: 100, maxLag: 100, switchDrainUs: 3_000_000 } });
    pair.boards.b.slowDown(50_000);
    pair.inputs(30);
    pair.run(50);
    const ref = pair.command({ command: 'switch' });
    const given = pair.links.a.sent.length;
    pair.run(20);
    expect(pair.pair.phase).toBe('draining');
    expect(pair.links.a.sent.length).toBeGreaterThan(given + 3);
    pair.run(2_000);
    expect(pair.commands.get(ref)).toMatch(/^done: /);
    expect(pair.upstream.answers).toHaveLength(30);
    expectPromises(pair);
  });

  it('R26: is told as such, with its steps, and is no failure of anybody', () => {
    const { pair } = switched();
    pair.run(60);
    expect(pair.ledger.faultCodes()).toEqual(['switched-over']);
    expect(pair.ledger.faults[0]).toMatchObject({ board: null, evidence: { from: 'a', to: 'b' } });
    expect(pair.ledger.notes.map(({ step }) => step)).toEqual([
      'evidence',
      'declared-failed',
      'fenced',
      'relay-commanded',
      'relay-moved',
      'took-over',
    ]);
  });

  it('R26: there and back again, and the copies go the other way in between', () => {
    const { pair } = switched();
    pair.run(60);
    pair.inputs(4, 5, 'j');
    pair.run(100);
    expect(pair.boards.a.executedSeqs).toEqual(pair.boards.b.executedSeqs);
    const back = pair.command({ command: 'switch' });
    pair.run(60);
    pair.inputs(4, 5, 'k');
    pair.run(100);
    expect(pair.commands.get(back)).toBe('done: Board a is the primary now, board b the backup.');
    expect([pair.ledger.owner, pair.ledger.epoch, pair.relay.contact]).toEqual(['a', 3, 'a']);
    expect(pair.upstream.answers).toHaveLength(11);
    expectPromises(pair);
  });

  it('R10, R26: the new primary may fail afterwards like any other', () => {
    const { pair } = switched();
    pair.run(60);
    pair.boards.b.halt();
    pair.inputs(3, 5, 'j');
    pair.run(300);
    expect([pair.ledger.owner, pair.relay.contact, pair.memberStateOf('b')]).toEqual(['a', 'a', 'locked-out']);
    expect(pair.upstream.answers).toHaveLength(6);
    expectPromises(pair);
  });
});

describe('a switchover that cannot be', () => {
  function refusal(pair: PairHarness): string | undefined {
    const ref = pair.command({ command: 'switch' });
    return pair.commands.get(ref);
  }

  it('R26: is refused without a backup', () => {
    const pair = PairHarness.started();
    pair.boards.b.restart();
    pair.run(1.2);
    expect(refusal(pair)).toBe('refused: Board b is not in the pair: there is nobody to switch to.');
    pair.run(100);
    expect(pair.ledger.owner).toBe('a');
    expect(pair.ledger.fences).toEqual([]);
  });

  it('R26: is refused when the primary cannot be reached', () => {
    const pair = PairHarness.started();
    pair.boards.b.halt();
    pair.inputs(1);
    pair.runUntil(() => pair.memberStateOf('b') === 'set-aside');
    pair.cut('a');
    pair.run(1);
    expect(refusal(pair)).toBe('refused: Board a cannot be reached.');
  });

  it('R26: is refused while one is under way, and that one goes on', () => {
    const { pair, ref } = switched();
    expect(pair.commands.get(ref)).toBeUndefined();
    const pending = PairHarness.started();
    pending.boards.b.slowDown(30_000);
    pending.inputs(2);
    pending.run(12);
    const first = pending.command({ command: 'switch' });
    expect(refusal(pending)).toBe('refused: A switchover is under way already.');
    pending.run(100);
    expect(pending.commands.get(first)).toMatch(/^done: /);
    expect(pending.relay.commands).toHaveLength(1);
  });

  it('R26: is refused during a start and during a takeover', () => {
    const cold = PairHarness.of();
    cold.startGateway();
    expect(refusal(cold)).toBe('refused: The pair is busy with a start or a takeover.');
    const pair = PairHarness.started();
    pair.boards.a.restart();
    pair.run(1.2);
    expect(pair.pair.phase).toBe('fencing');
    expect(refusal(pair)).toBe('refused: The pair is busy with a start or a takeover.');
    pair.run(200);
    expect(pair.ledger.fences).toHaveLength(1);
  });

  it('R26: is refused by a stopped pair', () => {
    const pair = PairHarness.started({ config: { onMismatch: 'stop' } });
    pair.boards.b.corrupt = () => 1;
    pair.inputs(1);
    pair.run(50);
    expect(refusal(pair)).toBe('refused: The pair is stopped: see copycat status.');
  });

  it('R26: is given up when what is under way does not end in time, and the pair is as it was', () => {
    const pair = PairHarness.started({ config: { switchDrainUs: 20_000 } });
    pair.boards.b.slowDown(45_000);
    pair.inputs(2);
    pair.run(12);
    const ref = pair.command({ command: 'switch' });
    const askedUs = pair.schedule.nowUs;
    pair.input('later', 7);
    pair.runUntil(() => pair.commands.has(ref));
    expect(pair.commands.get(ref)).toBe('refused: What was under way did not end within 20 ms.');
    expect(pair.schedule.nowUs - askedUs).toBeLessThanOrEqual(20_200);
    pair.run(200);
    expect(pair.ledger.faults.find(({ code }) => code === 'switchover-failed')?.evidence).toEqual({
      why: 'What was under way did not end within 20 ms.',
    });
    expect([pair.ledger.owner, pair.ledger.fences.length, pair.relay.commands.length]).toEqual(['a', 0, 0]);
    expect(pair.upstream.answers).toHaveLength(3);
    expect(memberStates(pair)).toEqual(['in-sync', 'in-sync']);
    const again = pair.command({ command: 'switch' });
    pair.run(60);
    expect(pair.commands.get(again)).toMatch(/^done: /);
    expectPromises(pair);
  });

  it('R26: is given up when the backup leaves while it drains; the primary goes on', () => {
    for (const how of ['restart', 'cut'] as const) {
      const pair = PairHarness.started();
      pair.boards.b.slowDown(30_000);
      pair.inputs(2);
      pair.run(12);
      const ref = pair.command({ command: 'switch' });
      if (how === 'cut') pair.cut('b');
      else pair.boards.b.restart();
      pair.input('later', 7);
      pair.run(200);
      expect(pair.commands.get(ref)).toBe('refused: Board b left the pair.');
      expect([pair.ledger.owner, pair.ledger.fences.length]).toEqual(['a', 0]);
      expect(pair.upstream.answers).toHaveLength(3);
      expectPromises(pair);
    }
  });

  it('R10, R26: a primary that fails while it drains is taken over from, with all that is pending', () => {
    for (const how of ['halt', 'restart', 'cut'] as const) {
      const pair = PairHarness.started({ window: 2 });
      pair.inputs(6, 2);
      pair.run(9);
      const ref = pair.command({ command: 'switch' });
      if (how === 'cut') pair.cut('a');
      else pair.boards.a[how]();
      pair.run(400);
      expect(pair.commands.get(ref)).toBe('refused: Board a failed: board b takes over.');
      expect(pair.ledger.fences).toHaveLength(1);
      expect(pair.ledger.fences[0]).toMatchObject({ owner: 'b', locksOut: true });
      expect(pair.upstream.answers).toHaveLength(6);
      expectPromises(pair);
    }
  });

  it('R26: an old primary that fails once the lease has gone is an ordinary failed backup', () => {
    const { pair, ref } = switched();
    pair.runUntil(() => pair.ledger.fences.length === 1);
    pair.boards.a.restart();
    pair.run(200);
    expect(pair.commands.get(ref)).toMatch(/^done: /);
    expect([pair.ledger.owner, pair.relay.contact]).toEqual(['b', 'b']);
    expect(pair.ledger.faultCodes()).toEqual(['switched-over', 'restarted']);
    expect(memberStates(pair)).toEqual(['in-sync', 'in-sync']);
    expectPromises(pair);
  });

  it('R12, R26: a board that fails while the planned fence is in flight is dealt with once it is known whose lease it is', () => {
    for (const board of ['a', 'b'] as const) {
      const { pair, ref } = switched();
      pair.ledgerAnswers = false;
      expect(pair.pair.phase).toBe('fencing');
      pair.boards[board].restart();
      pair.run(20);
      expect(pair.relay.commands).toEqual([]);
      pair.ledgerAnswers = true;
      pair.inputs(2, 5, 'j');
      pair.run(300);
      const survivor = board === 'a' ? 'b' : 'a';
      expect([pair.ledger.owner, pair.relay.contact]).toEqual([survivor, survivor]);
      expect(pair.commands.get(ref)).toMatch(board === 'a' ? /^done: / : /^refused: Board b failed/);
      expect(pair.upstream.answers).toHaveLength(5);
      expectPromises(pair);
    }
  });

  it('R10, R26: a new primary that fails before the relay has moved: the way of any takeover, back to the old one', () => {
    const { pair, ref } = switched();
    pair.runUntil(() => pair.relay.commands.length === 1);
    pair.boards.b.restart();
    pair.inputs(3, 5, 'j');
    pair.run(300);
    expect(pair.commands.get(ref)).toBe('refused: Board b failed: board a takes over.');
    expect([pair.ledger.owner, pair.ledger.epoch, pair.relay.contact]).toEqual(['a', 3, 'a']);
    expect(pair.upstream.answers).toHaveLength(6);
    expectPromises(pair);
  });

  it('R13, R26: a relay that does not follow: the lease goes back, forward in epochs, and nothing stops', () => {
    const pair = PairHarness.started();
    pair.inputs(2, 5);
    pair.run(40);
    pair.relay.stuck = true;
    const ref = pair.command({ command: 'switch' });
    pair.inputs(3, 5, 'j');
    pair.run(300);
    expect(pair.commands.get(ref)).toBe('refused: The relay does not follow.');
    expect([pair.ledger.owner, pair.ledger.epoch, pair.relay.contact]).toEqual(['a', 3, 'a']);
    expect(pair.ledger.faultCodes()).toEqual(['switched-over', 'relay-stuck', 'switchover-failed']);
    expect(pair.upstream.answers).toHaveLength(5);
    expect(memberStates(pair)).toEqual(['in-sync', 'in-sync']);
    expectPromises(pair);
  });
});

describe('a gateway that is killed in a switchover', () => {
  it('R26, R27: after the fence: what was accepted meanwhile is ordinary work, and waits until the relay has moved', () => {
    const { pair } = switched();
    const { length } = pair.relay.seen;
    const { level } = pair.boards.a;
    pair.input('new', 77);
    pair.runUntil(() => pair.ledger.fences.length === 1);
    pair.killGateway();
    pair.relay.operateUs = () => 60_000;
    pair.startGateway();
    pair.run(400);
    expect(pair.answersTo('new')).toHaveLength(1);
    // The old level from the one board, one gap, the old level from the other: only then the new one.
    expect(pair.relay.seen.slice(length - 1).map((sight) => [sight.board, sight.level])).toEqual([
      ['a', level],
      [null, null],
      ['b', level],
      ['b', pair.boards.b.level],
    ]);
    expect(pair.boards.b.level).not.toBe(level);
    expect(pair.ledger.attempts).toEqual([]);
    expectPromises(pair);
  });

  it.each([1, 3])('R26, R27: at any effect of it (window %i) finishes it or has never begun it', (window) => {
    const play = (killBeforeEffect: number): { readonly pair: PairHarness; readonly effects: number } => {
      const pair = PairHarness.started({ window });
      pair.inputs(3, 3);
      pair.run(8);
      pair.killBeforeEffect = pair.effectsPerformed + killBeforeEffect;
      const before = pair.effectsPerformed;
      pair.command({ command: 'switch' });
      pair.run(150);
      const effects = pair.effectsPerformed - before;
      pair.killBeforeEffect = Number.POSITIVE_INFINITY;
      if (!pair.running) {
        pair.run(10);
        pair.startGateway();
        pair.run(100);
      }
      for (let n = 1; n <= 3; n++) if (pair.answersTo(`i${n}`).length === 0) pair.input(`i${n}`, n);
      pair.inputs(2, 5, 'j');
      pair.run(400);
      return { pair, effects };
    };
    const whole = play(Number.POSITIVE_INFINITY).effects;
    expect(whole).toBeGreaterThan(20);
    const owners = new Set<string>();
    const broken: string[] = [];
    for (let effect = 0; effect < whole; effect += stride) {
      const { pair } = play(effect);
      const found = [...brokenPromises(pair), ...brokenWhenQuiet(pair)];
      owners.add(pair.ledger.owner);
      if (pair.ledger.fences.length > 1) found.push('the lease went back');
      for (const ref of ['i1', 'i2', 'i3', 'j1', 'j2']) {
        if (pair.answersTo(ref).length === 0) found.push(`${ref} was never answered`);
      }
      if (memberStates(pair).join() !== 'in-sync,in-sync') found.push(`standings: ${memberStates(pair).join()}`);
      broken.push(...found.map((line) => `killed before effect ${effect}: ${line}`));
    }
    expect(broken).toEqual([]);
    expect(owners).toEqual(new Set(['a', 'b']));
  });
});
