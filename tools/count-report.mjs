/**
 * What became of a test run, from our reporter's file and vitest's exit code: counts, and what failed and was skipped by name. A file
 * that could not be loaded has no tests to count, a test that never ended has neither passed nor failed, and an error
 * outside any test fails no test: all of them are failures here.
 */
export function countReport({ files, errors }, exitCode) {
  const tests = files.flatMap(({ file, tests: all }) => all.map((test) => ({ ...test, file })));
  const unfinished = (state) => ['failed', 'pending', 'queued'].includes(state);
  const failures = [
    ...tests.filter(({ state }) => unfinished(state)).map(nameOf),
    ...files
      .filter((file) => unfinished(file.state) && !file.tests.some(({ state }) => unfinished(state)))
      .map(({ file }) => `${file}: it could not be run`),
    ...errors.map((message) => `outside the tests: ${message}`),
  ];
  if (failures.length === 0 && exitCode !== 0) failures.push(`vitest ended with exit code ${exitCode}`);
  return {
    passed: tests.filter(({ state }) => state === 'passed').length,
    failed: failures.length,
    skipped: tests.filter(({ state }) => state === 'skipped').length,
    failures,
    skips: tests.filter(({ state }) => state === 'skipped').map(nameOf),
  };
}

function nameOf({ file, name, state }) {
  return `${file}: ${name}${state === 'pending' ? ' (it never ended)' : ''}`;
}

/** Counts of the firmware's tests: their own closing line and their exit code. Without that line they failed. */
export function countClosingLine(lines, exitCode) {
  const found = lines
    .map((line) => /^\s*(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$/.exec(line))
    .findLast(Boolean);
  const named = (mark) => lines.flatMap((line) => new RegExp(`^\\s*${mark} (.+)$`).exec(line)?.[1] ?? []);
  const failures = named('FAIL');
  const skips = named('skip');
  if (!found)
    return { passed: 0, failed: 1, skipped: 0, failures: [...failures, 'they ended without their count'], skips };
  const failed = Number(found[2]);
  const isBroken = failed === 0 && exitCode !== 0;
  return {
    passed: Number(found[1]),
    failed: isBroken ? 1 : failed,
    skipped: Number(found[3] ?? 0),
    failures: isBroken ? [...failures, `they ended with exit code ${exitCode}`] : failures,
    skips,
  };
}

/** The one plain line at the end. With CI=true what was skipped has failed: there everything can run. */
export function closingLine({ passed, failed, skipped }, isCi) {
  const allFailed = isCi ? failed + skipped : failed;
  const tail = !isCi && skipped > 0 ? `, ${skipped} skipped` : '';
  return { line: `${passed} passed, ${allFailed} failed${tail}`, ok: allFailed === 0 && passed > 0 };
}
