// Runs a part of the tests with vitest and counts what became of them.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countReport } from './count-report.mjs';
import { ROOT, runProgram, toolPath } from './run-program.mjs';

/** A test is named as slow from here on; commands and emulated boards take their second. */
const SLOW_MS = 10_000;

/**
 * Vitest shows its own progress; the counts come from a reporter of ours. `projects` of vitest.config.ts, all when empty;
 * `patterns` of paths; `print` takes its lines; without it they go to our own output as they come.
 */
export async function runVitest({ projects = [], patterns = [], niceness = 0, print, env = {} }) {
  const folder = mkdtempSync(join(tmpdir(), 'copycat-test-'));
  const reportFile = join(folder, 'report.json');
  try {
    const args = [
      toolPath('vitest/vitest.mjs'),
      'run',
      ...projects.map((project) => `--project=${project}`),
      '--reporter=default',
      `--reporter=${ROOT}tools/vitest-count-reporter.mjs`,
      `--slowTestThreshold=${SLOW_MS}`,
      ...patterns,
    ];
    const result = await runProgram(process.execPath, args, {
      ...(print === undefined ? {} : { onLine: print }),
      env: { ...env, COPYCAT_TEST_REPORT: reportFile },
      niceness,
    });
    if (existsSync(reportFile)) return countReport(JSON.parse(readFileSync(reportFile, 'utf8')), result.code);
    const how = result.signal ? `by ${result.signal}` : `with exit code ${result.code}`;
    return { passed: 0, failed: 1, skipped: 0, failures: [`vitest ended ${how}, before its report`], skips: [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
