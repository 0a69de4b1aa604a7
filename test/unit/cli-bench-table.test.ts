import { describe, expect, it } from 'vitest';
import type { BenchReport } from '../../src/bench/bench-report.js';
import { benchSummary } from '../../src/cli/bench/bench-table.js';

const report = (emulatedMs: number): BenchReport =>
  ({ held: true, slippedMs: 0, emulatedMs, failures: [] }) as unknown as BenchReport;

describe('the last lines of copycat bench', () => {
  it("say how much of the pair's time it was, and how much faster than real time it ran", () => {
    expect(benchSummary([report(60_000), report(90_500)], 30, [])).toContain(
      "2 of 2 held in 30 s (151 s of the pair's time: 5.0 times as fast as real time)",
    );
    expect(benchSummary([report(600_000)], 40, [])).toContain('15 times as fast as real time');
    expect(benchSummary([report(60_000)], 75, [])).toContain('0.8 times as fast as real time');
  });
});
