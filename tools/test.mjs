// npm test: set-up if anything is missing, then checks, firmware tests and all tests. The last line is the count.
import { closingLine } from './count-report.mjs';
import { runVitest } from './run-vitest.mjs';
import { setUp } from './set-up.mjs';
import { STAGES } from './test-groups.mjs';
import { timeTable } from './time-table.mjs';

const startedMs = performance.now();
const counts = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
const skips = [];
const rows = [];
const add = (what, more) => {
  counts.passed += more.passed;
  counts.failed += more.failed;
  counts.skipped += more.skipped ?? 0;
  failures.push(...(more.failures ?? []).map((failure) => `${what}: ${failure}`));
  skips.push(...(more.skips ?? []).map((skip) => `${what}: ${skip}`));
};
/** Runs a group, counts it, and gives it its line in the table. */
const group = async (name, run) => {
  const row = { name, tests: 0, ms: 0 };
  rows.push(row);
  const beganMs = performance.now();
  const result = await run();
  row.ms = performance.now() - beganMs;
  row.tests = result.passed + result.failed + (result.skipped ?? 0);
  add(name, result);
};

if (await setUp()) {
  const patterns = process.argv.slice(2);
  if (patterns.length === 0) await runEverything();
  // With a pattern only the tests that match it run: for working on one thing.
  else await group('tests', () => runVitest({ patterns }));
} else {
  add('set-up', { passed: 0, failed: 1, failures: ['the reason is above'] });
}
const isCi = process.env.CI === 'true';
if (skips.length > 0) console.log(['Skipped', ...skips.map((skip) => `  - ${skip}`)].join('\n'));
if (failures.length > 0) console.log(['Failed (more above)', ...failures.map((one) => `  ✗ ${one}`)].join('\n'));
if (isCi && counts.skipped > 0) console.log(`${counts.skipped} skipped; with CI=true that counts as failed.`);
console.log(['', ...timeTable(rows, performance.now() - startedMs), ''].join('\n'));
const { line, ok } = closingLine(counts, isCi);
process.exitCode = ok ? 0 : 1;
console.log(line);

async function runEverything() {
  for (const stage of STAGES) {
    console.log(stage.map(({ name }) => name).join(', beside it: '));
    const isAlone = stage.length === 1;
    await Promise.all(
      stage.map(({ name, run }) =>
        group(name, () => run(isAlone ? undefined : (text) => console.log(`  ${name} | ${text}`))),
      ),
    );
  }
}
