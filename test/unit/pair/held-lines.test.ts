import { describe, expect, it } from 'vitest';
import { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

const WIRED = { config: { resetLines: ['a', 'b'] } };

const heldAt = (pair: PairHarness, board: 'a' | 'b') => pair.resets.filter((one) => one.board === board);

describe('a RESET line', () => {
  it('R13: is let go at a start', () => {
    const pair = PairHarness.started(WIRED);
    expect(pair.resets.map(({ board, held }) => [board, held])).toEqual([
      ['a', false],
      ['b', false],
    ]);
  });

  it('R10, R13: restarts a hung primary, not before the relay has moved; so it comes back by itself', () => {
    const pair = PairHarness.started(WIRED);
    pair.inputs(2);
    pair.runUntil(() => pair.boards.a.actedSeqs.length === 1);
    pair.boards.a.halt();
    pair.runUntil(() => pair.relay.contact === 'b');
    pair.run(1);
    const [, held, released] = heldAt(pair, 'a');
    expect(held).toMatchObject({ held: true });
    expect(held?.atUs).toBeGreaterThanOrEqual(pair.relay.seen.find(({ board }) => board === 'b')?.atUs ?? Infinity);
    expect(released).toBeUndefined();
    pair.runUntil(() => heldAt(pair, 'a').length === 3);
    expect((heldAt(pair, 'a')[2]?.atUs ?? 0) - (held?.atUs ?? 0)).toBe(100_000);
    pair.runUntil(() => pair.isProtected, 5_000);
    expect(pair.boards.a.actedSeqs.length).toBeGreaterThan(0);
    expect(heldAt(pair, 'b')).toHaveLength(1);
    expectPromises(pair);
  });

  it('R24: restarts a hung backup, whose pins reach nobody', () => {
    const pair = PairHarness.started(WIRED);
    pair.boards.b.halt();
    pair.inputs(2, 100);
    pair.runUntil(() => pair.memberStateOf('b') === 'set-aside');
    pair.runUntil(() => pair.isProtected, 5_000);
    expect(heldAt(pair, 'b').map(({ held }) => held)).toEqual([false, true, false]);
    expectPromises(pair);
  });

  it('R26: is not touched by a switchover', () => {
    const pair = PairHarness.started(WIRED);
    pair.command({ command: 'switch' });
    pair.runUntil(() => pair.relay.contact === 'b');
    pair.run(100);
    expect(pair.resets).toHaveLength(2);
  });

  it('R13: holds the board that the relay connects without power for as long as it is locked out', () => {
    const pair = PairHarness.started({ config: { resetLines: ['a', 'b'], latchedReset: 'a' } });
    pair.boards.a.fail('state-corrupt');
    pair.run(3_000);
    expect(heldAt(pair, 'a').map(({ held }) => held)).toEqual([false, true]);
    expect(pair.memberStateOf('a')).toBe('locked-out');
    pair.killGateway();
    pair.startGateway();
    pair.run(1_000);
    // Asked again by the new gateway, never let go in between.
    expect(heldAt(pair, 'a').map(({ held }) => held)).toEqual([false, true, true]);
    const ref = pair.command({ command: 'rejoin', board: 'a' });
    pair.runUntil(() => pair.isProtected, 5_000);
    expect(pair.commands.get(ref)).toMatch(/^done/);
    expect(heldAt(pair, 'a').at(-1)?.held).toBe(false);
    expectPromises(pair);
  });

  it('R13: holds nobody that is where the relay could not be moved away from', () => {
    const pair = PairHarness.started({ config: { resetLines: ['a', 'b'], latchedReset: 'a' } });
    pair.relay.stuck = true;
    pair.boards.a.halt();
    pair.input('x', 1);
    pair.runUntil(() => pair.ledger.stopped);
    pair.run(500);
    expect(heldAt(pair, 'a').map(({ held }) => held)).toEqual([false]);
  });
});

describe('a RESET line, when', () => {
  const latched = { config: { resetLines: ['a', 'b'], latchedReset: 'a' } };

  it.each(['fencing', 'moving'] as const)(
    'R10, R13: the old primary fails during a switchover (%s), is held only once the relay has moved',
    (phase) => {
      const pair = PairHarness.started(WIRED);
      pair.command({ command: 'switch' });
      pair.runUntil(() => pair.pair.phase === phase);
      pair.boards.a.fail('state-corrupt');
      pair.runUntil(() => heldAt(pair, 'a').length > 1);
      expect(heldAt(pair, 'a')[1]?.atUs).toBeGreaterThanOrEqual(
        pair.relay.seen.find(({ board }) => board === 'b')?.atUs ?? Infinity,
      );
      pair.runUntil(() => pair.isProtected, 5_000);
      expectPromises(pair);
    },
  );

  it('R19: nobody knows that the old primary is wrong, leaves it what it has in its memory', () => {
    const pair = PairHarness.started({ config: { resetLines: ['a', 'b'], onMismatch: 'switch' } });
    pair.boards.a.corrupt = (seq) => (seq === pair.seqOf('x') ? 1 : 0);
    pair.input('x', 1);
    pair.runUntil(() => pair.relay.contact === 'b');
    pair.run(500);
    expect(pair.memberStateOf('a')).toBe('kept-out');
    expect(heldAt(pair, 'a')).toHaveLength(1);
  });

  it('R25: it is held, has nobody ask its board who it is', () => {
    const pair = PairHarness.started(WIRED);
    pair.boards.b.halt();
    pair.inputs(2, 100);
    pair.runUntil(() => heldAt(pair, 'b').length === 2);
    const heldUs = pair.schedule.nowUs;
    pair.runUntil(() => heldAt(pair, 'b').length === 3);
    const asked = pair.links.b.sent.filter(({ atUs, message }) => atUs >= heldUs && message.kind === 'helloRequest');
    expect(asked.filter(({ atUs }) => atUs < pair.schedule.nowUs)).toEqual([]);
  });

  it('R13: a board whose link is back says nothing, restarts it, a few times', () => {
    const pair = PairHarness.started(WIRED);
    pair.cut('b');
    pair.run(50);
    pair.boards.b.halt();
    pair.reconnect('b');
    pair.runUntil(() => pair.isProtected, 5_000);
    expect(heldAt(pair, 'b').map(({ held }) => held)).toEqual([false, true, false]);
    pair.cut('b');
    pair.run(50);
    pair.links.b.fromBoard.loses = () => true;
    pair.reconnect('b');
    pair.run(20_000);
    expect(heldAt(pair, 'b').filter(({ held }) => held)).toHaveLength(4);
    expectPromises(pair);
  });

  it('R26: a board is flashed, is let go for the flasher, whatever held it', () => {
    const pair = PairHarness.started({ config: { resetLines: ['a', 'b'], stopMeans: 'reset-both' } });
    pair.boards.b.halt();
    pair.inputs(2, 100);
    pair.runUntil(() => heldAt(pair, 'b').length === 2);
    const wanted = { board: 'b', image: '/x', facts: null, converter: null, comparisons: 1 };
    pair.command({ command: 'update-begin', ...wanted });
    expect(heldAt(pair, 'b').map(({ held }) => held)).toEqual([false, true, false]);
    pair.boards.a.fail('state-corrupt');
    pair.runUntil(() => pair.ledger.stopped);
    expect(heldAt(pair, 'a').at(-1)?.held).toBe(true);
    expect(heldAt(pair, 'b').at(-1)?.held).toBe(false);
    pair.flashed('b', () => undefined);
    expect(heldAt(pair, 'b').at(-1)?.held).toBe(true);
  });

  it('R13: what the relay connects without power was flashed in vain, holds it', () => {
    const pair = PairHarness.started(latched);
    pair.command({ command: 'switch' });
    pair.runUntil(() => pair.isProtected && pair.relay.contact === 'b');
    const wanted = { board: 'a', image: '/x', facts: null, converter: null, comparisons: 1 };
    pair.command({ command: 'update-begin', ...wanted });
    pair.run(50);
    expect(heldAt(pair, 'a').at(-1)?.held).toBe(false);
    pair.flashed('a', () => undefined, 'no answer from the bootloader');
    pair.run(50);
    expect(heldAt(pair, 'a').at(-1)?.held).toBe(true);
    pair.command({ command: 'rejoin', board: 'a' });
    pair.runUntil(() => pair.isProtected, 5_000);
    expectPromises(pair);
  });

  it('R13: a person has the pair go on, is not let go where it holds a locked-out board', () => {
    const pair = PairHarness.started(latched);
    pair.boards.a.fail('state-corrupt');
    pair.runUntil(() => heldAt(pair, 'a').length === 2);
    pair.boards.b.fail('state-corrupt');
    pair.runUntil(() => pair.ledger.stopped);
    pair.command({ command: 'resume' });
    pair.run(1_000);
    expect(pair.pair.phase).toBe('serving');
    expect(heldAt(pair, 'a').map(({ held }) => held)).toEqual([false, true]);
  });

  it('R13: a person lets the board in that it is about to hold, is told to ask again after the takeover', () => {
    const pair = PairHarness.started(latched);
    pair.boards.a.fail('state-corrupt');
    pair.runUntil(() => pair.pair.phase === 'moving');
    const ref = pair.command({ command: 'rejoin', board: 'a' });
    expect(pair.commands.get(ref)).toMatch(/^refused: The takeover from board a is not over/);
    pair.runUntil(() => pair.pair.phase === 'serving');
    pair.command({ command: 'rejoin', board: 'a' });
    pair.runUntil(() => pair.isProtected, 5_000);
  });
});

describe('the means of a stop', () => {
  /** The relay does not follow. */
  function stopped(config: object): PairHarness {
    const pair = PairHarness.started({ config });
    pair.relay.stuck = true;
    pair.boards.a.fail('state-corrupt');
    pair.runUntil(() => pair.ledger.stopped);
    pair.run(100);
    return pair;
  }

  it('R13: reset-both holds both boards until a person has the pair go on', () => {
    const pair = stopped({ resetLines: ['a', 'b'], stopMeans: 'reset-both' });
    expect(pair.resets.slice(-2).map(({ board, held }) => [board, held])).toEqual([
      ['a', true],
      ['b', true],
    ]);
    pair.relay.stuck = false;
    pair.command({ command: 'resume' });
    // What was begun is finished: a, which is locked out, is restarted once more when the relay has moved.
    pair.runUntil(() => pair.isProtected, 5_000);
    expect(pair.resets.slice(6).map(({ board, held }) => [board, held])).toEqual([
      ['a', true],
      ['a', false],
    ]);
    expect(pair.resets.slice(4, 6).map(({ held }) => held)).toEqual([false, false]);
  });

  it('R13: cut-off opens a relay of its own, also at a start of the gateway, and closes it when the pair goes on', () => {
    const pair = stopped({ stopMeans: 'cut-off' });
    expect(pair.cutOffs.map(({ cut }) => cut)).toEqual([false, true]);
    pair.killGateway();
    pair.startGateway();
    pair.run(50);
    expect(pair.cutOffs.map(({ cut }) => cut)).toEqual([false, true, true]);
    pair.relay.stuck = false;
    pair.command({ command: 'resume' });
    pair.run(50);
    expect(pair.cutOffs.at(-1)?.cut).toBe(false);
  });

  it('R13: firmware-only touches no line', () => {
    const pair = stopped({});
    expect([pair.resets, pair.cutOffs]).toEqual([[], []]);
  });
});
