import { NEVER } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { NO_CLIENTS } from '../../../src/upstream/client-counts.js';
import { PersistentUpstream } from '../../../src/upstream/persistent-upstream.js';
import type { Upstream } from '../../../src/upstream/upstream.js';
import { ManualClock } from '../manual-clock.js';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function persistent(start: () => Promise<readonly string[]>, clock = new ManualClock()) {
  const told: string[] = [];
  const upstream: Upstream = {
    ...{ source: 'x', arrivals: NEVER, clients: { ...NO_CLIENTS, open: 3 }, start },
    accepted: (ref) => told.push(`accepted ${ref}`),
    answer: (ref, bodies, repeat) => told.push(`answer ${ref} ${bodies.length} ${repeat}`) > 0,
    refuse: (ref, reason) => told.push(`refuse ${ref} ${reason}`),
    pauseIntake: () => told.push('pause'),
    resumeIntake: () => told.push('resume'),
    close: async () => {
      told.push('close');
    },
  };
  const said: unknown[] = [];
  return {
    ...{ upstream, told, said, clock },
    around: new PersistentUpstream(upstream, { name: 'n', clock, onTrouble: (...what) => said.push(what) }),
  };
}

describe('an upstream that is tried for ever', () => {
  it('is the same upstream for whoever uses it', async () => {
    const { upstream, around, told, said, clock } = persistent(async () => ['x://here']);
    expect([around.source, around.arrivals]).toEqual(['x', upstream.arrivals]);
    expect(around.clients).toMatchObject({ open: 3 });
    expect(await around.start()).toEqual(['x://here']);
    // Nothing is left to ring, and that it has begun at once is no news.
    expect(clock.alarms).toBe(0);
    expect(said).toEqual([]);
    around.accepted('x:1');
    expect(around.answer('x:1', [new Uint8Array(1)], true, false)).toBe(true);
    around.refuse('x:2', 'full');
    around.pauseIntake();
    around.resumeIntake();
    await around.close();
    expect(told).toEqual(['accepted x:1', 'answer x:1 1 true', 'refuse x:2 full', 'pause', 'resume', 'close']);
  });

  it('is waited for at its first try for a second, and tried again a second after a try has failed', async () => {
    const clock = new ManualClock();
    clock.advance(9_000_000);
    let tries = 0;
    let fail: (error: unknown) => void = () => undefined;
    const { around } = persistent(() => {
      tries++;
      return new Promise((_resolve, reject) => (fail = reject));
    }, clock);
    let places: readonly string[] | null = null;
    void around.start().then((found) => (places = found));
    clock.advance(999_999);
    await settled();
    expect(places).toBeNull();
    clock.advance(1);
    await settled();
    expect(places).toEqual(['n: nothing comes in yet: it is not there yet; tried again for ever']);
    fail('busy');
    await settled();
    expect(around.trouble).toBe('busy');
    clock.advance(999_999);
    expect(tries).toBe(1);
    clock.advance(1);
    expect(tries).toBe(2);
  });

  it('that fails after it was closed is not closed twice, nor tried again', async () => {
    let fail: (error: unknown) => void = () => undefined;
    const { around, told, said, clock } = persistent(() => new Promise((_resolve, reject) => (fail = reject)));
    const started = around.start();
    await around.close();
    fail(new Error('gone'));
    await started;
    expect(told).toEqual(['close']);
    expect(said).toEqual([]);
    expect(clock.alarms).toBe(0);
  });
});
