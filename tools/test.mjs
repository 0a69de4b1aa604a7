// npm test: set-up if anything is missing, then checks, firmware tests and all tests. The last line is the count.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChecks } from './checks.mjs';
import { closingLine, countClosingLine, countReport } from './count-report.mjs';
import { ROOT, runProgram, toolPath } from './run-program.mjs';
import { setUp } from './set-up.mjs';

/** A test is named as slow from here on; commands and emulated boards take their second. */
const SLOW_MS = 10_000;

const counts = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
const skips = [];
const add = (what, more) => {
  counts.passed += more.passed;
  counts.failed += more.failed;
  counts.skipped += more.skipped ?? 0;
  failures.push(...(more.failures ?? []).map((failure) => `${what}: ${failure}`));
  skips.push(...(more.skips ?? []).map((skip) => `${what}: ${skip}`));
};

if (await setUp()) {
  const patterns = process.argv.slice(2);
  // With a pattern only the tests that match it run: for working on one thing.
  if (patterns.length === 0) {
    console.log('Checks');
    add('check', await runChecks());
    console.log('Firmware');
    add('firmware', await runFirmwareTests());
  }
  console.log('Tests');
  add('test', await runTests(patterns));
} else {
  add('set-up', { passed: 0, failed: 1, failures: ['the reason is above'] });
}
const isCi = process.env.CI === 'true';
if (skips.length > 0) console.log(['Skipped', ...skips.map((skip) => `  - ${skip}`)].join('\n'));
if (failures.length > 0) console.log(['Failed (more above)', ...failures.map((one) => `  ✗ ${one}`)].join('\n'));
if (isCi && counts.skipped > 0) console.log(`${counts.skipped} skipped; with CI=true that counts as failed.`);
const { line, ok } = closingLine(counts, isCi);
process.exitCode = ok ? 0 : 1;
console.log(line);

/** The firmware's own tests end with the same kind of line. */
async function runFirmwareTests() {
  const result = await runProgram(process.execPath, ['tools/test-firmware.mjs'], {
    onLine: (text) => console.log(`  ${text}`),
  });
  return countClosingLine(result.lines, result.code);
}

/** Vitest shows its own progress; the counts come from a reporter of ours. */
async function runTests(patterns) {
  const folder = mkdtempSync(join(tmpdir(), 'copycat-test-'));
  const reportFile = join(folder, 'report.json');
  try {
    const args = [
      toolPath('vitest/vitest.mjs'),
      'run',
      '--reporter=default',
      `--reporter=${ROOT}tools/vitest-count-reporter.mjs`,
      `--slowTestThreshold=${SLOW_MS}`,
    ];
    const result = await runProgram(process.execPath, [...args, ...patterns], {
      env: { COPYCAT_TEST_REPORT: reportFile },
    });
    if (existsSync(reportFile)) return countReport(JSON.parse(readFileSync(reportFile, 'utf8')), result.code);
    const how = result.signal ? `by ${result.signal}` : `with exit code ${result.code}`;
    return { passed: 0, failed: 1, failures: [`vitest ended ${how}, before its report`] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
