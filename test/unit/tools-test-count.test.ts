import { describe, expect, it } from 'vitest';
import { closingLine, countClosingLine, countReport } from '../../tools/count-report.mjs';

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
});
const report = (passed: number, failed: number, pending: number, testResults: readonly ReturnType<typeof file>[]) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: pending,
  numTodoTests: 0,
  testResults,
});

describe('the count at the end of npm test', () => {
  it('is that of the report', () => {
    expect(
      countReport(report(2, 1, 1, [file('failed', 'passed', 'failed'), file('passed', 'passed', 'pending')]), 1),
    ).toEqual({
      passed: 2,
      failed: 1,
      skipped: 1,
    });
  });

  it('counts a file that could not be loaded as a failure', () => {
    expect(countReport(report(1, 0, 0, [file('failed'), file('passed', 'passed')]), 1)).toMatchObject({
      passed: 1,
      failed: 1,
    });
  });

  it('counts an error outside every test as a failure', () => {
    expect(countReport(report(1, 0, 0, [file('passed', 'passed')]), 1)).toMatchObject({ passed: 1, failed: 1 });
  });

  it('takes the last closing line of the firmware tests, and their exit code', () => {
    expect(countClosingLine(['1 passed, 0 failed', 'x', '  63 passed, 2 failed, 1 skipped'], 1)).toEqual({
      passed: 63,
      failed: 2,
      skipped: 1,
    });
    expect(countClosingLine(['63 passed, 0 failed'], 1)).toMatchObject({ passed: 63, failed: 1 });
    expect(countClosingLine(['make: *** error'], 0)).toMatchObject({ passed: 0, failed: 1 });
  });

  it('names what was skipped only when something was', () => {
    expect(closingLine({ passed: 5, failed: 0, skipped: 0 }, false)).toEqual({ line: '5 passed, 0 failed', ok: true });
    expect(closingLine({ passed: 5, failed: 0, skipped: 2 }, false)).toEqual({
      line: '5 passed, 0 failed, 2 skipped',
      ok: true,
    });
    expect(closingLine({ passed: 5, failed: 1, skipped: 2 }, false)).toMatchObject({ ok: false });
  });

  it('lets nothing be skipped in CI', () => {
    expect(closingLine({ passed: 5, failed: 0, skipped: 2 }, true)).toEqual({ line: '5 passed, 2 failed', ok: false });
    expect(closingLine({ passed: 5, failed: 0, skipped: 0 }, true)).toEqual({ line: '5 passed, 0 failed', ok: true });
  });

  it('is no success when nothing ran', () => {
    expect(closingLine({ passed: 0, failed: 0, skipped: 0 }, false).ok).toBe(false);
  });
});
