/** What a duration looks like in the configuration: a number and its unit. */
export const DURATION_PATTERN = /^(\d+(?:\.\d+)?)(us|ms|s|min)$/;

const UNIT_US: Readonly<Record<string, number>> = { us: 1, ms: 1000, s: 1_000_000, min: 60_000_000 };

/** `50ms` → 50000: microseconds, rounded to a whole one. Undefined when the text is not a duration. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit] = DURATION_PATTERN.exec(text) ?? [];
  const unitUs = unit === undefined ? undefined : UNIT_US[unit];
  return amount === undefined || unitUs === undefined ? undefined : Math.round(Number(amount) * unitUs);
}

/** 50000 → `50 ms`: the largest unit that leaves no more than one decimal. */
export function formatDuration(us: number): string {
  if (us >= 1_000_000 && us % 100_000 === 0) return `${us / 1_000_000} s`;
  if (us >= 1000) return `${Math.round(us / 100) / 10} ms`;
  return `${us} µs`;
}
