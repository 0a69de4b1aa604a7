// The parts of the whole proof. Each runs by itself, says whether all of it holds, and tells in one line what was played.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runProgram, toolPath } from '../run-program.mjs';
import { runVitest } from '../run-vitest.mjs';
import { NODE_VERSIONS, testWithNode } from './other-nodes.mjs';

const WHOLE = { COPYCAT_PROVE: 'whole' };
const FRESH_SEEDS = 20_000;
const FRESH_INPUTS = 200;
const BENCH_SEEDS = [1, 2, 3, 4, 5];
const SKETCHES = 'test/sketches';
/** Each file of the core; other folders have the limit of stryker.config.json. */
const LEAST_SCORE_OF_THE_CORE = 85;

/** name: for --only; proves: what holds when it is green; run: gives `ok` and `told`. */
export const PARTS = [
  {
    name: 'test',
    proves: 'everything that npm test proves, with nothing skipped',
    run: async () => {
      const { code, told } = await lastLineOf(['tools/test.mjs'], { CI: 'true' });
      return { ok: code === 0, told };
    },
  },
  {
    name: 'simulate',
    proves: '2,000 × 1,000 simulated inputs break no promise, and every case is met as often as a proof asks for',
    run: () => tests(['test/sim/simulate.test.ts', 'test/sim/determinism.test.ts']),
  },
  {
    name: 'planted',
    proves: 'every planted bug is found from the first seed on, none by a pinned one',
    run: () => tests(['test/sim/planted.test.ts']),
  },
  {
    name: 'fresh-seeds',
    proves: `${FRESH_SEEDS} seeds that nobody has played break no promise`,
    run: async () => {
      // The moment says which: others every time, and the line that is told plays them again.
      const start = Math.floor(Date.now() / 1000);
      const args = ['--seeds', FRESH_SEEDS, '--seed-start', start, '--inputs', FRESH_INPUTS].map(String);
      const { code, told } = await lastLineOf(['tools/simulate.mjs', ...args]);
      return { ok: code === 0, told: `from ${start} on: ${told}` };
    },
  },
  {
    name: 'bench',
    proves: `every scenario of the bench keeps its promises on ${BENCH_SEEDS.length} seeds`,
    run: async () => {
      const failed = [];
      for (const seed of BENCH_SEEDS) {
        console.log(`seed ${seed}`);
        const { code } = await runProgram(process.execPath, ['dist/cli/main.js', 'bench', '--seed', String(seed)]);
        if (code !== 0) failed.push(seed);
      }
      return { ok: failed.length === 0, told: failed.length === 0 ? 'all hold' : `not with seed ${failed.join(', ')}` };
    },
  },
  {
    name: 'sketches',
    proves: `three sketches, written from docs/your-sketch.md alone, hold in every scenario on ${BENCH_SEEDS.length} seeds`,
    run: async () => {
      const failed = [];
      for (const sketch of readdirSync(join(ROOT, SKETCHES))) {
        for (const seed of BENCH_SEEDS) {
          console.log(`${sketch}, seed ${seed}`);
          const words = ['bench', '--firmware', join(SKETCHES, sketch), '--seed', String(seed)];
          const { code } = await runProgram(process.execPath, ['dist/cli/main.js', ...words]);
          if (code !== 0) failed.push(`${sketch} with seed ${seed}`);
        }
      }
      return { ok: failed.length === 0, told: failed.length === 0 ? 'all hold' : `not ${failed.join(', ')}` };
    },
  },
  {
    name: 'mutation',
    proves: `tests notice ${LEAST_SCORE_OF_THE_CORE} % of all small changes of src/pair, and 80 % of all`,
    run: async () => {
      const { code } = await runProgram(process.execPath, [toolPath('@stryker-mutator/core/bin/stryker.js'), 'run']);
      const { noticed, all } = scoreOf('src/pair/');
      const score = (100 * noticed) / all;
      const told = `src/pair: ${noticed} of ${all} noticed, ${score.toFixed(1)} %`;
      return { ok: code === 0 && score >= LEAST_SCORE_OF_THE_CORE, told };
    },
  },
  {
    name: 'nodes',
    proves: `unit, conformance and host tests pass on Node ${NODE_VERSIONS.join(', ')}`,
    run: async () => {
      const told = [];
      let ok = true;
      for (const version of NODE_VERSIONS) {
        const result = await testWithNode(version);
        ok &&= result.ok;
        told.push(`${version}: ${result.told}`);
      }
      return { ok, told: told.join('; ') };
    },
  },
];

async function tests(patterns) {
  const { passed, failed, failures } = await runVitest({ projects: ['sim'], patterns, env: WHOLE });
  for (const failure of failures) console.log(`  ✗ ${failure}`);
  return { ok: failed === 0 && passed > 0, told: `${passed} passed, ${failed} failed` };
}

/** What a tool of ours says last is its result. */
async function lastLineOf(args, env = {}) {
  const { code, lines } = await runProgram(process.execPath, args, { onLine: (line) => console.log(line), env });
  return { code, told: lines.findLast((line) => line.trim() !== '') ?? `nothing; exit code ${code}` };
}

/** Of the last run's report, as Stryker counts: what cannot be compiled or is ignored is no mutant. */
function scoreOf(folder) {
  const report = join(ROOT, '.copycat/mutation/report.json');
  if (!existsSync(report)) return { noticed: 0, all: 0 };
  const { files } = JSON.parse(readFileSync(report, 'utf8'));
  const statuses = Object.entries(files)
    .filter(([path]) => path.startsWith(folder))
    .flatMap(([, { mutants }]) => mutants.map(({ status }) => status));
  const noticed = statuses.filter((status) => ['Killed', 'Timeout'].includes(status)).length;
  const missed = statuses.filter((status) => ['Survived', 'NoCoverage'].includes(status)).length;
  return { noticed, all: noticed + missed };
}
