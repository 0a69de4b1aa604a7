import { describe, expect, it } from 'vitest';
import { closingLine, countClosingLine, countReport } from '../../tools/count-report.mjs';
import { timeTable } from '../../tools/time-table.mjs';

const file = (state: string, ...tests: string[]) => ({
  file: 'test/x.test.ts',
  state,
  tests: tests.map((test, index) => ({ name: `test ${index + 1}`, state: test })),
});
const report = (files: readonly ReturnType<typeof file>[], ...errors: string[]) => ({ files, errors });

describe('the count at the end of npm test', () => {
  it('is that of the report, with what failed by name', () => {
    const files = [file('failed', 'passed', 'failed'), file('passed', 'passed', 'skipped')];
    expect(countReport(report(files), 1)).toEqual({
      passed: 2,
      failed: 1,
      skipped: 1,
      failures: ['test/x.test.ts: test 2'],
      skips: ['test/x.test.ts: test 2'],
    });
  });

  it('counts a file that could not be loaded as a failure', () => {
    expect(countReport(report([file('failed'), file('passed', 'passed')]), 1)).toMatchObject({
      passed: 1,
      failed: 1,
      failures: ['test/x.test.ts: it could not be run'],
    });
  });

  it('counts what a crashed process left unfinished as failed, not as skipped', () => {
    expect(countReport(report([file('pending', 'passed', 'pending')], 'Worker exited'), 1)).toEqual({
      passed: 1,
      failed: 2,
      skipped: 0,
      failures: ['test/x.test.ts: test 2 (it never ended)', 'outside the tests: Worker exited'],
      skips: [],
    });
  });

  it('counts an exit code that nothing explains as a failure', () => {
    expect(countReport(report([file('passed', 'passed')]), 1)).toMatchObject({ passed: 1, failed: 1 });
    expect(countReport(report([file('passed', 'passed')]), 0)).toMatchObject({ passed: 1, failed: 0 });
  });

  it('takes the last closing line of the firmware tests, and their exit code', () => {
    const lines = ['1 passed, 0 failed', '  FAIL images differ', '  skip x: no y', '  63 passed, 1 failed, 1 skipped'];
    expect(countClosingLine(lines, 1)).toEqual({
      passed: 63,
      failed: 1,
      skipped: 1,
      failures: ['images differ'],
      skips: ['x: no y'],
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

  it('has a table before it: each group, its tests and its seconds, and the time that all of them took', () => {
    const rows = [
      { name: 'host', tests: 212, ms: 101_400 },
      { name: 'simulation', tests: 59, ms: 88_600 },
    ];
    expect(timeTable(rows, 103_000)).toEqual([
      'group       tests  seconds',
      'host          212      101',
      'simulation     59       89',
      'together      271      103',
    ]);
  });
});
