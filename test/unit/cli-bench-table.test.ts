import { describe, expect, it } from 'vitest';
import type { BenchReport } from '../../src/bench/bench-report.js';
import { benchSummary } from '../../src/cli/bench/bench-table.js';

const report = (emulatedMs: number, slippedMs = 0): BenchReport =>
  ({ held: true, slippedMs, emulatedMs, failures: [] }) as unknown as BenchReport;

describe('the last lines of copycat bench', () => {
  it("say how much of the pair's time it was, and how much faster than real time it ran", () => {
    expect(benchSummary([report(60_000), report(90_500)], 30, [])).toContain(
      "2 of 2 held in 30 s (151 s of the pair's time: 5.0 times as fast as real time)",
    );
    expect(benchSummary([report(600_000)], 40, [])).toContain('15 times as fast as real time');
    expect(benchSummary([report(60_000)], 75, [])).toContain('0.8 times as fast as real time');
    expect(benchSummary([report(4400)], 0.42, [])).toContain(
      "1 of 1 held in 0.4 s (4.4 s of the pair's time: 10 times",
    );
  });

  it('say that the boards fell behind only where that is a time that somebody has waited', () => {
    const behind = /ran (\d+) s behind the clock/;
    for (const [slippedMs, seconds] of [
      [0, 0],
      [0, 0.4],
      [300, 0.5],
      [900, 2],
      [900, 30],
      [2000, 30],
    ] as const)
      expect(benchSummary([report(1000, slippedMs)], seconds, [])).not.toMatch(behind);
    expect(behind.exec(benchSummary([report(1000, 4000)], 30, []))?.[1]).toBe('4');
    expect(behind.exec(benchSummary([report(1000, 1000)], 1, []))?.[1]).toBe('1');
  });
});
