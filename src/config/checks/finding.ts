/** `error`: the gateway refuses to start; `warning`: a promise does not hold; `note`: worth knowing. */
export interface Finding {
  readonly severity: 'error' | 'warning' | 'note';
  readonly key: string;
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Of the file, where it is known. */
  readonly line?: number | null;
}

/** Gravest first, and otherwise as they came. */
export function inWeight(findings: readonly Finding[]): readonly Finding[] {
  const order = { error: 0, warning: 1, note: 2 };
  return [...findings].sort((one, other) => order[one.severity] - order[other.severity]);
}
