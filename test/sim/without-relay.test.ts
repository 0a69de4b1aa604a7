import { beforeAll, expect, it } from 'vitest';
import { WITHOUT_RELAY_FROM_SEED } from '../../src/simulation/world/world-options.js';
import { IS_WHOLE_PROOF } from './lane.js';

/** Seeds of pairs without a relay: a few at every change. */
const SEEDS = IS_WHOLE_PROOF ? 300 : 6;
const INPUTS = 200;

let failures: readonly string[] = [];
let counts: ReadonlyMap<string, number> = new Map();

beforeAll(async () => {
  // Worker threads start from what is built.
  const { simulate } = await import('#built/simulation/simulate.js');
  const report = await simulate({ seedStart: WITHOUT_RELAY_FROM_SEED + 1, seeds: SEEDS, inputs: INPUTS, threads: 2 });
  counts = report.coverage.counts;
  failures = report.failures.map(
    ({ seed, broken }) =>
      `${broken.name}: ${broken.text}; npm run simulate -- --seed-start ${seed} --seeds 1 --inputs ${INPUTS}`,
  );
});

it('R10, R13, R25: with RESET in the place of a relay every promise is kept, and nobody acts on what is left beside an old primary', () => {
  expect(failures).toEqual([]);
  expect(counts.get('inputs')).toBe(SEEDS * INPUTS);
  for (const event of ['takeovers', 'joins', 'gateway restarts'] as const)
    expect(counts.get(event) ?? 0).toBeGreaterThan(2);
});
