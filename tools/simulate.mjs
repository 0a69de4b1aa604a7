// npm run simulate -- [--seeds N] [--seed-start S] [--inputs M] [--plan PLAN] [--json]: plays simulated pairs, one for
// each seed (docs/testing.md). Exits 1 when a promise was broken, or when too little was tested.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { setUp } from './set-up.mjs';

/** So many failing seeds are made small and told in full. */
const TOLD = 3;
const PROGRESS_MS = 5_000;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    'seed-start': { type: 'string', default: '1' },
    inputs: { type: 'string', default: '1000' },
    threads: { type: 'string', default: String(availableParallelism()) },
    plan: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const count = (name) => {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number > 0) return number;
  console.error(`--${name} is a number from 1 on, not ${values[name]}`);
  return process.exit(2);
};
const [seeds, seedStart, inputs, threads] = ['seeds', 'seed-start', 'inputs', 'threads'].map(count);

if (await setUp()) process.exitCode = values.plan === undefined ? await simulateAll() : await playOne();
else process.exitCode = 1;

async function playOne() {
  const { playAgain } = await import('#built/simulation/replay.js');
  const story = playAgain(seedStart, inputs, values.plan);
  if (story === null) console.log('Nothing is broken.');
  else tell(story);
  return story === null ? 0 : 1;
}

async function simulateAll() {
  const { simulate } = await import('#built/simulation/simulate.js');
  const { tellFailure } = await import('#built/simulation/replay.js');
  const { coverageTable, eventLines } = await import('#built/simulation/coverage-table.js');
  const startedMs = Date.now();
  let toldMs = startedMs;
  const report = await simulate({
    ...{ seedStart, seeds, inputs, threads },
    progress: (done, failed) => {
      if (values.json || Date.now() - toldMs < PROGRESS_MS) return;
      toldMs = Date.now();
      console.log(`  ${done} of ${seeds} seeds, ${failed} with a broken promise`);
    },
  });
  const { coverage, failures } = report;
  const gaps = coverage.gaps();
  const ok = failures.length === 0 && gaps.length === 0;
  if (values.json) {
    const { cells, counts } = coverage;
    console.log(
      JSON.stringify({ seeds, counts: Object.fromEntries(counts), cells: Object.fromEntries(cells), failures, gaps }),
    );
    return ok ? 0 : 1;
  }
  console.log('\nFaults by kind, and by the phase of the pair in which they struck:\n');
  console.log(coverageTable(coverage));
  console.log(`\n${eventLines(coverage).join('\n')}`);
  for (const gap of gaps) console.log(`too little: ${gap}`);
  for (const { seed, broken } of failures) console.log(`seed ${seed}: ${broken.name}: ${broken.text}`);
  for (const { seed, broken } of failures.slice(0, TOLD)) tell(tellFailure(seed, inputs, broken));
  const { counts } = coverage;
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  console.log(
    `\n${seeds} seeds, ${counts.get('inputs')} inputs, ${counts.get('faults')} faults in ${seconds} s: ` +
      `${failures.length} broken promises, ${gaps.length} cases tested too seldom`,
  );
  return ok ? 0 : 1;
}

function tell({ seed, broken, faults, lastEvents, command }) {
  console.log(`\nSeed ${seed} breaks ${broken.name} (${(broken.atUs / 1000).toFixed(3)} ms): ${broken.text}`);
  console.log(`What went wrong in it:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  console.log(`The last events:\n${lastEvents.map((line) => `  ${line}`).join('\n')}`);
  console.log(`Again: ${command}`);
}
