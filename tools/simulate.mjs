// npm run simulate -- [--seeds N] [--seed-start S] [--inputs M] [--json]: plays simulated pairs, one for each seed.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { setUp } from './set-up.mjs';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    'seed-start': { type: 'string', default: '1' },
    inputs: { type: 'string', default: '1000' },
    json: { type: 'boolean', default: false },
  },
});

if (await setUp()) {
  const { simulate } = await import('../dist/simulation/simulate.js');
  const startedMs = Date.now();
  const report = await simulate({
    seedStart: Number(values['seed-start']),
    seeds: Number(values.seeds),
    inputs: Number(values.inputs),
    threads: availableParallelism(),
  });
  const { coverage, failures, seeds } = report;
  for (const { seed, broken } of failures) console.log(`seed ${seed}: ${broken.name}: ${broken.text}`);
  console.log(Object.fromEntries(coverage.counts));
  console.log(`${seeds} seeds in ${((Date.now() - startedMs) / 1000).toFixed(1)} s, ${failures.length} broken`);
  process.exitCode = failures.length === 0 ? 0 : 1;
} else {
  process.exitCode = 1;
}
