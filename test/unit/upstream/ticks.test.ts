import { describe, expect, it } from 'vitest';
import { createTickUpstream } from '../../../src/upstream/tick-upstream.js';
import { ManualClock } from '../manual-clock.js';

describe('ticks', () => {
  it.each([0, -1, Number.NaN])('every %d microseconds are a mistake of ours', (everyUs) => {
    expect(() => createTickUpstream({ everyUs, clock: new ManualClock() })).toThrow('ticks without time between them');
  });

  it('R6: that were missed are counted from the start, not from when the host was switched on', async () => {
    const clock = new ManualClock();
    clock.advance(5_000_000);
    const ticks = createTickUpstream({ everyUs: 1000, clock });
    let given = 0;
    ticks.arrivals.subscribe(() => given++);
    expect(await ticks.start()).toEqual(['a tick every 1 ms']);
    clock.advance(3000);
    expect([given, ticks.skipped]).toEqual([3, 0]);
    clock.stall(2500);
    expect([given, ticks.skipped]).toEqual([4, 1]);
  });

  it('can be closed before they were begun, and ends what listens', async () => {
    const ticks = createTickUpstream({ everyUs: 1000, clock: new ManualClock() });
    let ended = false;
    ticks.arrivals.subscribe({ complete: () => (ended = true) });
    await ticks.close();
    expect(ended).toBe(true);
  });

  it('are answered to nobody', () => {
    const ticks = createTickUpstream({ everyUs: 1000, clock: new ManualClock() });
    ticks.accepted();
    expect(ticks.answer()).toBe(true);
    expect(ticks.source).toBe('tick');
  });
});
