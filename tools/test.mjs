// npm test: set-up if anything is missing, then checks, firmware tests and all tests. The last line is the count.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChecks } from './checks.mjs';
import { closingLine, countClosingLine, countReport } from './count-report.mjs';
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
} else {
  counts.failed += 1;
}
const isCi = process.env.CI === 'true';
if (isCi && counts.skipped > 0) console.log(`${counts.skipped} skipped; with CI=true that counts as failed.`);
const { line, ok } = closingLine(counts, isCi);
process.exitCode = ok ? 0 : 1;
console.log(line);

/** The firmware's own tests end with the same kind of line. */
async function runFirmwareTests() {
  const script = 'tools/test-firmware.mjs';
  if (!existsSync(`${ROOT}${script}`)) {
    console.log(`  ✗ ${script} is missing`);
    return { passed: 0, failed: 1 };
  }
  const result = await runProgram(process.execPath, [script], { onLine: (line) => console.log(`  ${line}`) });
  return countClosingLine(result.lines, result.code);
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
