import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/clock/clock.js';
import { PairRuntime } from '../../src/gateway/pair-runtime.js';
import type { Exchange } from '../../src/pair/state/board-state.js';
import type { PairEffect } from '../../src/pair/state/effects.js';
import type { PairState } from '../../src/pair/state/pair-state.js';
import { boardOf } from '../../src/pair/state/roles.js';
import { restoredPair } from './gateway-kit.js';
import { ManualClock } from './manual-clock.js';

function started(
  onEffect: (effect: PairEffect, runtime: PairRuntime) => void = () => undefined,
  seenThrough: (clock: Clock) => Clock = (clock) => clock,
  afterStep: () => void = () => undefined,
) {
  const clock = new ManualClock();
  const state = restoredPair(clock.nowUs());
  const effects: PairEffect[] = [];
  const failures: unknown[] = [];
  const runtime = new PairRuntime({ state, clock: seenThrough(clock), onFailure: (error) => failures.push(error) });
  runtime.connect({
    perform: (effect) => {
      effects.push(effect);
      onEffect(effect, runtime);
    },
    afterStep,
  });
  runtime.dispatch({ type: 'started' });
  return { clock, state, runtime, effects, failures };
}

/** The runtime lets I/O come first; so does this. */
const turn = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));

describe('PairRuntime', () => {
  it('R14: a clock that jumps is the time of nobody: no board is declared failed or unresponsive', async () => {
    const { clock, state, runtime, effects } = started();
    runtime.dispatch({ type: 'linkOpened', board: 'a' });
    runtime.dispatch({ type: 'linkOpened', board: 'b' });
    clock.advance(60_000_000);
    await turn();
    expect(boardOf(state, 'a').session.unresponsive).toBe(false);
    expect(boardOf(state, 'b').session.unresponsive).toBe(false);
    expect(effects.filter(({ type }) => type === 'openFault')).toEqual([]);
    // The same time in small steps is the boards' time.
    for (let ms = 0; ms < 4000; ms += 1) {
      clock.advance(1000);
      if (ms % 100 === 0) await turn();
    }
    await turn();
    expect(boardOf(state, 'a').session.unresponsive).toBe(true);
  });

  it('R14: what is heard first after a stall, before the alarm, is not charged with it', async () => {
    let jumpedUs = 0;
    const { clock, state, runtime } = started(undefined, (inner) => ({
      nowUs: () => inner.nowUs() + jumpedUs,
      alarm: (atUs, ring) => inner.alarm(atUs - jumpedUs, ring),
    }));
    runtime.dispatch({ type: 'linkOpened', board: 'a' });
    // Asked anew after a third of the three seconds: only what is beyond it is our own time.
    jumpedUs = 60_000_000;
    runtime.dispatch({ type: 'linkOpened', board: 'b' });
    expect(boardOf(state, 'a').session.askedAtUs).toBe(59_000_000);
    expect(boardOf(state, 'b').session.askedAtUs).toBe(60_000_000);
    // And it is told once: the alarm that rings after it adds nothing.
    clock.advance(1);
    await turn();
    expect(boardOf(state, 'a').session.askedAtUs).toBe(59_000_000);
    expect(boardOf(state, 'a').session.unresponsive).toBe(false);
  });

  /** Board a has been given an input, and has 50 ms for it: its first repeat is due after a third of that. */
  function atWork(state: PairState): Exchange {
    const given: Exchange = {
      ...{ seq: 1, state: 'sent', spentUs: 0, legStartUs: 0, repeats: 0, givenAtUs: 0, result: null, asked: false },
    };
    const board = boardOf(state, 'a');
    board.session.state = 'open';
    board.work.exchanges.set(1, given);
    state.phase = 'serving';
    return given;
  }

  it('R14: a stall that ends before any deadline is due is not charged to a board that is at work', () => {
    let jumpedUs = 0;
    const { state, runtime } = started(undefined, (inner) => ({
      nowUs: () => inner.nowUs() + jumpedUs,
      alarm: (atUs, ring) => inner.alarm(atUs - jumpedUs, ring),
    }));
    const given = atWork(state);
    runtime.dispatch({ type: 'timePassed' });
    jumpedUs = 16_000;
    // What is heard first is no alarm: none is due yet.
    runtime.dispatch({ type: 'linkLost', board: 'b', reason: 'pulled out' });
    expect(given.legStartUs).toBe(11_000);
  });

  it('R14: while a board is at work the clock is looked at again and again, and the core is not woken for it', async () => {
    const { clock, state, runtime, effects } = started();
    const given = atWork(state);
    runtime.dispatch({ type: 'timePassed' });
    const before = effects.length;
    for (let ms = 0; ms < 15; ms++) clock.advance(1000);
    await turn();
    expect([given.legStartUs, effects.length - before]).toEqual([0, 0]);
    runtime.dispatch({ type: 'linkLost', board: 'b', reason: 'pulled out' });
    expect(given.legStartUs).toBe(0);
  });

  it('performs the effects of one event before the next, also when an effect causes one', () => {
    const seen: string[] = [];
    const { runtime } = started((effect, pair) => {
      seen.push(effect.type === 'send' ? `send ${effect.board}` : effect.type);
      // The link of b opens while the handshake with a is under way.
      if (effect.type === 'send' && effect.board === 'a') pair.dispatch({ type: 'linkOpened', board: 'b' });
      if (effect.type === 'send') seen.push(`sent ${effect.board}`);
    });
    seen.length = 0;
    runtime.dispatch({ type: 'linkOpened', board: 'a' });
    expect(seen).toEqual(['send a', 'sent a', 'send b', 'sent b']);
  });

  it('says once after each step that its effects have all been performed', () => {
    const seen: string[] = [];
    const { runtime } = started(
      (effect) => seen.push(effect.type),
      undefined,
      () => seen.push('over'),
    );
    seen.length = 0;
    runtime.dispatch({ type: 'linkOpened', board: 'a' });
    runtime.dispatch({ type: 'linkOpened', board: 'b' });
    expect(seen).toEqual(['send', 'over', 'send', 'over']);
  });

  it('R32: has an age while a step of the core is due that is not taken, and none while none is due', async () => {
    const { clock, runtime } = started();
    runtime.dispatch({ type: 'linkOpened', board: 'a' });
    expect(runtime.ageUs).toBe(0);
    // It is due, rung for, and not taken: the loop has not come to it.
    clock.advance(20_000_000);
    expect(runtime.ageUs).toBeGreaterThan(5_000_000);
    await turn();
    expect(runtime.ageUs).toBe(0);
    runtime.fail(new Error('a mistake'));
    clock.advance(7_000_000);
    expect(runtime.ageUs).toBe(7_000_000);
  });

  it('hands a mistake of ours to whoever ends the process, and does not swallow it', () => {
    const { runtime, failures } = started();
    runtime.dispatch({ type: 'linkOpened', board: 'nobody' });
    expect(String(failures[0])).toMatch(/no board nobody/);
  });
});
