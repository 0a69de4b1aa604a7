import { NEVER } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { PersistentUpstream } from '../../src/upstream/persistent-upstream.js';
import type { Upstream } from '../../src/upstream/upstream.js';
import { ManualClock } from './manual-clock.js';

/** Begins when `refusal` is null; `closed` counts. */
function upstream(refusal: { why: string | null }): Upstream & { tries: number; closed: number } {
  return {
    ...{ source: 'x', arrivals: NEVER, tries: 0, closed: 0 },
    accepted: () => undefined,
    answer: () => true,
    refuse: () => undefined,
    pauseIntake: () => undefined,
    resumeIntake: () => undefined,
    async start() {
      this.tries++;
      if (refusal.why !== null) throw new Error(refusal.why);
      return ['x://here'];
    },
    async close() {
      this.closed++;
    },
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('an upstream that cannot begin', () => {
  it('is tried again for ever, and says once what is wrong and once that it is not any more', async () => {
    const refusal: { why: string | null } = { why: 'the port is in use' };
    const tried = upstream(refusal);
    const clock = new ManualClock();
    const said: (string | null)[] = [];
    const persistent = new PersistentUpstream(tried, { name: 'x', clock, onTrouble: (_name, why) => said.push(why) });
    expect(await persistent.start()).toEqual(['x: nothing comes in yet: the port is in use; tried again for ever']);
    for (let s = 0; s < 100; s++) {
      clock.advance(1_000_000);
      await settled();
    }
    expect(tried.tries).toBe(101);
    expect(persistent.trouble).toBe('the port is in use');
    refusal.why = null;
    clock.advance(1_000_000);
    await settled();
    expect(said).toEqual(['the port is in use', null]);
    expect(persistent.trouble).toBeNull();
    expect(clock.alarms).toBe(0);
  });

  it('is not tried after it was closed, and one that begins after that is closed again', async () => {
    const clock = new ManualClock();
    const refused = upstream({ why: 'no' });
    const persistent = new PersistentUpstream(refused, { name: 'x', clock, onTrouble: () => undefined });
    await persistent.start();
    await persistent.close();
    expect(clock.alarms).toBe(0);

    const late = upstream({ why: null });
    let begin: () => void = () => undefined;
    late.start = () => new Promise((resolve) => (begin = () => resolve(['x'])));
    const other = new PersistentUpstream(late, { name: 'x', clock, onTrouble: () => undefined });
    const started = other.start();
    clock.advance(1_000_000);
    expect(await started).toEqual([expect.stringContaining('it is not there yet')]);
    await other.close();
    begin();
    await settled();
    expect(late.closed).toBe(2);
  });
});
