import { describe, expect, it } from 'vitest';
import { bar, sparkline } from '../../src/cli/watch/sparkline.js';
import { watchText } from '../../src/cli/watch/watch-text.js';
import { WatchedValues } from '../../src/cli/watch/watched-values.js';
import type { BoardStatus, Status } from '../../src/control/contract/status.js';
import { statusWith } from './status-kit.js';

function board(name: string, role: BoardStatus['role'], duty: number): BoardStatus {
  const live = {
    ...{ seq: 1, ageMs: 5, values: [{ name: 'duty', value: duty, unit: '%' }] },
    readings: [{ name: 'temperature of the oven, above', value: 81.25, unit: 'degC' }],
  };
  return { ...{ board: name, role, link: 'open', session: 1, behind: 1, joining: null, image: 1, counters: {} }, live };
}

function status(answered: number, duty: number): Status {
  return statusWith({
    boards: [board('a', 'primary', duty), board('b', 'backup', duty + 1)],
    relay: {
      ...{ commanded: 'a', proved: true },
      wear: { operations: 4, ratedOperations: 100_000, provedForMs: 7_200_000, skippedTests: 0 },
    },
    inputs: { pending: 1, answered, refused: 0, quarantined: [] },
    latency: { medianMs: 8, worstMs: 12, of: 100 },
    lastInput: { seq: 4, ageMs: 2, values: [{ name: 'set point', value: 60, unit: 'degC' }] },
    upMs: 4901,
  });
}

/** Five seconds of a pair that answers ten inputs a second. */
function seen(): WatchedValues {
  const values = new WatchedValues();
  for (const second of [0, 1, 2, 3, 4]) values.see(status(second * 10, second * 10), second * 1000);
  return values;
}

const fresh = { status: status(40, 40), seen: seen(), drivesSince: '2026-11-30T16:44:15Z', stale: null };

describe('copycat watch', () => {
  it('says in one look what stands on the first screen: protection, who drives since when, lag, rate, values', () => {
    const text = watchText(fresh, 100);
    expect(text.split('\n')[0]).toBe('oven: PROTECTED · both boards agree');
    expect(text).toMatch(/^board a drives since 2026-11-30 .* · relay at a, proved$/m);
    expect(text).toMatch(/^takeover last proven 2 h ago$/m);
    expect(text).toMatch(/^other +board b, backup: 1 behind$/m);
    expect(text).toMatch(/^rate +10\.0 answers\/s +▁▁▁▁$/m);
    expect(text).toMatch(/^newest +set point 60 degC$/m);
    expect(text).toMatch(/^ +a drives +b$/m);
    expect(text).toMatch(/^duty +40 % +41 % +█{6} +▁▃▅▆█$/m);
    expect(text).toMatch(/^temperature of the oven.* 81\.25 degC +81\.25 degC/m);
  });

  it.each([40, 60, 80])('no line is longer than a terminal of %i columns', (columns) => {
    expect(
      watchText(fresh, columns)
        .split('\n')
        .filter((line) => line.length > columns),
    ).toEqual([]);
  });

  it('what is old says STALE before anything else, and never PROTECTED', () => {
    const stale = { sinceMs: Date.parse('2026-11-30T16:44:15Z'), why: 'its core has not done its work for 7 s' };
    const text = watchText({ ...fresh, stale }, 100);
    expect(text).toMatch(/^oven: STALE since 2026-11-30 .* · its core has not done its work for 7 s$/m);
    expect(text).not.toContain('PROTECTED');
  });

  it('a gateway that was restarted has no rate that is negative', () => {
    const values = seen();
    values.see(status(3, 1), 6000);
    expect(values.rates.every((rate) => rate >= 0)).toBe(true);
  });

  it('draws between the least and the most, a hole where there is nothing', () => {
    expect(sparkline([0, null, 7], 4)).toBe(' ▁ █');
    expect(sparkline([1, 2, 3], 2)).toBe('▁█');
    expect([bar(5, [0, 10], 4), bar(null, [0, 10], 4), bar(3, [3], 4)]).toEqual(['██  ', '    ', '    ']);
  });
});
