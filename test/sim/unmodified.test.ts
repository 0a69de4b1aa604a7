import { beforeAll, expect, it } from 'vitest';
import { UNMODIFIED_FROM_SEED } from '../../src/simulation/world/world-options.js';
import { IS_WHOLE_PROOF } from './lane.js';

/** Seeds of boards with firmware of their own: a few at every change. */
const SEEDS = IS_WHOLE_PROOF ? 2_000 : 24;
const INPUTS = 200;

let failures: readonly string[] = [];
let counts: ReadonlyMap<string, number> = new Map();

beforeAll(async () => {
  // Worker threads start from what is built.
  const { simulate } = await import('#built/simulation/simulate.js');
  const report = await simulate({ seedStart: UNMODIFIED_FROM_SEED + 1, seeds: SEEDS, inputs: INPUTS, threads: 2 });
  counts = report.coverage.counts;
  failures = report.failures.map(
    ({ seed, broken }) =>
      `${broken.name}: ${broken.text}; npm run simulate -- --seed-start ${seed} --seeds 1 --inputs ${INPUTS}`,
  );
});

it('R7, R9, R27, R31: boards that can neither wait for a commit nor tell a repeat: no write is given twice, and what nobody knows is said', () => {
  expect(failures).toEqual([]);
  expect(counts.get('inputs')).toBe(SEEDS * INPUTS);
  for (const event of ['takeovers', 'joins by replay', 'gateway restarts', 'stops'] as const)
    expect(counts.get(event) ?? 0).toBeGreaterThan(5);
});
