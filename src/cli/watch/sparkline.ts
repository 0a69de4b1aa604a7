const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

/** The newest values that `width` has room for, between the least and the most of them; a hole where there was none. */
export function sparkline(values: readonly (number | null)[], width: number): string {
  const shown = values.slice(-width);
  const { least, most } = rangeOf(shown);
  const text = shown.map((value) => {
    if (value === null) return ' ';
    const level = most === least ? 0 : Math.round(((value - least) / (most - least)) * (LEVELS.length - 1));
    return LEVELS[level] ?? LEVELS[0];
  });
  return text.join('').padStart(width);
}

/** How far `value` is between the least and the most that was seen, as a bar of `width`. */
export function bar(value: number | null, seen: readonly (number | null)[], width: number): string {
  const { least, most } = rangeOf(seen);
  if (value === null || most === least) return ' '.repeat(width);
  const eighths = Math.round(Math.min(1, Math.max(0, (value - least) / (most - least))) * width * 8);
  return `${'█'.repeat(Math.floor(eighths / 8))}${EIGHTHS[eighths % 8] ?? ''}`.padEnd(width);
}

function rangeOf(values: readonly (number | null)[]): { readonly least: number; readonly most: number } {
  const known = values.filter((value) => value !== null);
  return { least: Math.min(...known), most: Math.max(...known) };
}
