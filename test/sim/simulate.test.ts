import { availableParallelism } from 'node:os';
import { beforeAll, describe, expect, it } from 'vitest';
import { coverageTable } from '../../src/simulation/coverage-table.js';
import type { SimulationReport } from '../../src/simulation/simulate.js';

/**
 * A thousand and some runs of a thousand inputs each, one fault in twenty inputs. Asserted is what was played and what was
 * met, never how long it took: no broken promise (`judge/invariants.ts`), a million inputs, fifty thousand faults, at least 15 faults
 * of each kind in each phase, and each event of `coverage.ts` a hundred times.
 */
const SEEDS = 1_020;
const INPUTS = 1_000;

describe('simulated pairs', () => {
  let report: SimulationReport;
  beforeAll(async () => {
    // Worker threads start from what is built.
    const built = await import('#built/simulation/simulate.js');
    report = await built.simulate({ seedStart: 1, seeds: SEEDS, inputs: INPUTS, threads: availableParallelism() });
    const { counts } = report.coverage;
    console.log(`${counts.get('inputs')} inputs, ${counts.get('faults')} faults\n${coverageTable(report.coverage)}`);
  }, 900_000);

  it('R1 to R29: keep every promise, whatever goes wrong', () => {
    expect(report.failures).toEqual([]);
  });

  it('are given a million inputs and fifty thousand faults', () => {
    expect(report.coverage.counts.get('inputs')).toBeGreaterThanOrEqual(1_000_000);
    expect(report.coverage.counts.get('faults')).toBeGreaterThanOrEqual(50_000);
  });

  it('meet every kind of fault in every phase, and do everything that they are there for', () => {
    expect(report.coverage.gaps()).toEqual([]);
  });
});
