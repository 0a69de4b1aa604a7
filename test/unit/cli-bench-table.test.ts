import { describe, expect, it } from 'vitest';
import type { BenchReport } from '../../src/bench/bench-report.js';
import { BenchTable, benchSummary } from '../../src/cli/bench/bench-table.js';

const report = (emulatedMs: number, slippedMs = 0): BenchReport =>
  ({ held: true, slippedMs, emulatedMs, failures: [] }) as unknown as BenchReport;

describe('the table of copycat bench', () => {
  const row = {
    ...report(1000),
    ...{ scenario: 'gateway-power-cycled-after-takeover', completed: 300, inputs: 300, lost: 0, duplicated: 0 },
    ...{ wrongAtActuator: 0, detectionMs: 46, actuatorGapMs: 2.5, drives: ['a', 'b', 'a'] },
  } as BenchReport;

  it.each([60, 80, 84, 120, Number.POSITIVE_INFINITY])('has all its columns within %s characters', (width) => {
    const table = new BenchTable(['steady', row.scenario], width);
    const lines = [table.heading(), ...table.row(row).split('\n')];
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    expect(lines[0]).toMatch(/held +answered +lost +twice +wrong +noticed +gap +drives$/);
    expect(lines[1]?.trim()).toBe(row.scenario);
    expect(lines[2]).toMatch(/yes +300 \/ 300 +0 +0 +0 +46 ms +2.5 ms +a > b > a$/);
    // Each column stands under its name, left or right.
    expect(lines[2]?.indexOf('yes')).toBe(lines[0]?.indexOf('held'));
    expect(lines[2]?.indexOf('a > b')).toBe(lines[0]?.indexOf('drives'));
  });

  it('has its columns under their names where all scenarios’ names are short', () => {
    const table = new BenchTable(['rejoin'], 120);
    expect(table.row({ ...row, scenario: 'rejoin' }).indexOf('yes')).toBe(table.heading().indexOf('held'));
  });
});

describe('the last lines of copycat bench', () => {
  it("say how much of the pair's time it was, and how much faster than real time it ran", () => {
    expect(benchSummary([report(60_000), report(90_500)], 30, [])).toContain(
      "2 of 2 held in 30 s (151 s of the pair's time: 5.0 times as fast as real time)",
    );
    expect(benchSummary([report(600_000)], 40, [])).toContain('15 times as fast as real time');
    expect(benchSummary([report(60_000)], 75, [])).toContain('0.8 times as fast as real time');
    expect(benchSummary([report(6400)], 929, [])).toContain('0.0069 times as fast as real time');
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
