export interface TimeRow {
  readonly name: string;
  readonly tests: number;
  readonly ms: number;
}

export function timeTable(rows: readonly TimeRow[], totalMs: number): string[];
