export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests?: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

export function countReport(report: VitestReport, exitCode: number): TestCounts;
export function countClosingLine(lines: readonly string[], exitCode: number): TestCounts;
export function closingLine(counts: TestCounts, isCi: boolean): { readonly line: string; readonly ok: boolean };
