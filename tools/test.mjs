// npm test: set-up if anything is missing, then checks, firmware tests and all tests. The last line is the count.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChecks } from './checks.mjs';
import { ROOT, runProgram, toolPath } from './run-program.mjs';
import { setUp } from './set-up.mjs';

const counts = { passed: 0, failed: 0, skipped: 0 };
const add = (more) => {
  counts.passed += more.passed;
  counts.failed += more.failed;
  counts.skipped += more.skipped ?? 0;
};

if (await setUp()) {
  const patterns = process.argv.slice(2);
  // With a pattern only the tests that match it run: for working on one thing.
  if (patterns.length === 0) {
    console.log('Checks');
    add(await runChecks());
    console.log('Firmware');
    add(await runFirmwareTests());
  }
  console.log('Tests');
  add(await runTests(patterns));
  if (process.env.CI === 'true' && counts.skipped > 0) {
    console.log(`${counts.skipped} skipped, and with CI=true nothing may be: counted as failed.`);
    add({ passed: 0, failed: counts.skipped, skipped: -counts.skipped });
  }
} else {
  counts.failed += 1;
}
process.exitCode = counts.failed === 0 ? 0 : 1;
const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);

/** The firmware's own tests end with the same kind of line; anything else is a failure. */
async function runFirmwareTests() {
  const script = 'tools/test-firmware.mjs';
  if (!existsSync(`${ROOT}${script}`)) {
    console.log(`  ✗ ${script} is missing`);
    return { passed: 0, failed: 1 };
  }
  const result = await runProgram(process.execPath, [script], { onLine: (line) => console.log(`  ${line}`) });
  const found = result.lines
    .map((line) => /(\d+) passed, (\d+) failed(?:, (\d+) skipped)?/.exec(line))
    .findLast(Boolean);
  if (found === undefined || found === null) return { passed: 0, failed: 1 };
  const failed = Number(found[2]);
  return {
    passed: Number(found[1]),
    failed: failed === 0 && result.code !== 0 ? 1 : failed,
    skipped: Number(found[3] ?? 0),
  };
}

/** Vitest shows its own progress; the counts come from its JSON report. */
async function runTests(patterns) {
  const folder = mkdtempSync(join(tmpdir(), 'copycat-test-'));
  const reportFile = join(folder, 'report.json');
  try {
    const args = [
      toolPath('vitest/vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${reportFile}`,
    ];
    const result = await runProgram(process.execPath, [...args, ...patterns]);
    if (!existsSync(reportFile)) return { passed: 0, failed: 1 };
    return countReport(JSON.parse(readFileSync(reportFile, 'utf8')), result.code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A test file that could not even be loaded has no tests to count, and an error outside any test fails no test: both are failures. */
function countReport(report, exitCode) {
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = report.numFailedTests + brokenFiles;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  };
}
