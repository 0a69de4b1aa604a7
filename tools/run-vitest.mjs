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
 * `patterns` of paths; `label` stands before each of its lines, for whoever runs several at a time.
 */
export async function runVitest({ projects = [], patterns = [], niceness = 0, label, env = {} }) {
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
    const onLine = label === undefined ? undefined : (text) => console.log(`  ${label} | ${text}`);
    const result = await runProgram(process.execPath, args, {
      ...(onLine === undefined ? {} : { onLine }),
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
