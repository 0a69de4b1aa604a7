import { describe, expect, it } from 'vitest';
import { planOf } from '../../src/simulation/plan.js';
import { Run } from '../../src/simulation/run.js';
import { Trace } from '../../src/simulation/trace.js';

function traceOf(seed: number): string {
  const trace = new Trace();
  new Run(planOf(seed, 60), trace).play();
  return trace.lines.join('\n');
}

describe('a simulation', () => {
  it('gives the same run for the same seed, line by line', () => {
    for (const seed of [1, 2, 3]) expect(traceOf(seed)).toBe(traceOf(seed));
  });

  it('gives another run for another seed', () => {
    expect(traceOf(1)).not.toBe(traceOf(2));
  });
});
