/** What the console's process says to whoever has started it, a line each. */
export type ConsoleSays =
  | { readonly listening: string }
  /** It cannot begin. */
  | { readonly failed: string; readonly expected: string }
  /** A request met a mistake in Copycat, and all goes on. */
  | { readonly mistake: string };

/** Null: it is none of these. */
export function consoleSaysIn(line: string): ConsoleSays | null {
  try {
    const said: unknown = JSON.parse(line);
    return typeof said === 'object' && said !== null ? (said as ConsoleSays) : null;
  } catch {
    // A line that was cut short: its process has ended.
    return null;
  }
}
