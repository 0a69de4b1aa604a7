/**
 * Counts of a test run from vitest's JSON report and its exit code. A file that could not even be loaded has no tests to
 * count, and an error outside any test fails no test: both are failures all the same.
 */
export function countReport(report, exitCode) {
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

/** Counts of the firmware's tests: their own closing line and their exit code. Without that line they failed. */
export function countClosingLine(lines, exitCode) {
  const found = lines
    .map((line) => /^\s*(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$/.exec(line))
    .findLast(Boolean);
  if (!found) return { passed: 0, failed: 1, skipped: 0 };
  const failed = Number(found[2]);
  return {
    passed: Number(found[1]),
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: Number(found[3] ?? 0),
  };
}

/** The one plain line at the end. With CI=true what was skipped has failed: there everything can run. */
export function closingLine({ passed, failed, skipped }, isCi) {
  const allFailed = isCi ? failed + skipped : failed;
  const tail = !isCi && skipped > 0 ? `, ${skipped} skipped` : '';
  return { line: `${passed} passed, ${allFailed} failed${tail}`, ok: allFailed === 0 && passed > 0 };
}
