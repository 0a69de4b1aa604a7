import { describe, expect, it } from 'vitest';
import { createBoardLink } from '../../src/link/board-link.js';
import { HARNESS } from '../../src/link/harness/harness-dialect.js';
import { ManualClock } from './manual-clock.js';

describe('a link whose port cannot be opened', () => {
  it('counts its tries for ever: the service’s watchdog sees that it goes on looking', async () => {
    const clock = new ManualClock();
    const link = createBoardLink({
      dialect: HARNESS,
      ...{ board: 'a', clock, retry: { firstUs: 100_000, maxUs: 1_000_000 } },
      openSession: () => Promise.reject(new Error('nothing is plugged in')),
    });
    link.start();
    const counts: number[] = [];
    for (let second = 0; second < 60; second++) {
      clock.advance(1_000_000);
      // The refusal of a try is a promise of its own.
      await new Promise((done) => setImmediate(done));
      counts.push(link.counters.openAttempts);
    }
    expect(counts.at(-1)).toBeGreaterThanOrEqual(50);
    expect(counts.slice(10).every((count, index) => count > (counts[index + 8] ?? 0))).toBe(true);
    link.close();
  });
});
