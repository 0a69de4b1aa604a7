export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Counts, and the names of what failed and of what was skipped. */
export interface CountedTests extends TestCounts {
  readonly failures: readonly string[];
  readonly skips: readonly string[];
}

export interface TestReport {
  readonly files: readonly {
    readonly file: string;
    readonly state: string;
    readonly tests: readonly { readonly name: string; readonly state: string }[];
  }[];
  /** Errors outside any test. */
  readonly errors: readonly string[];
}

export function countReport(report: TestReport, exitCode: number): CountedTests;
export function countClosingLine(lines: readonly string[], exitCode: number): CountedTests;
export function closingLine(counts: TestCounts, isCi: boolean): { readonly line: string; readonly ok: boolean };
