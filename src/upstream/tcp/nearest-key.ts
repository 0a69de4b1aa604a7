/** The known key that a mistyped one most likely means; null when more than two letters differ. */
export function nearestKey(typed: string, known: readonly string[]): string | null {
  const found = known
    .map((key) => ({ key, differences: differences(typed.toLowerCase(), key) }))
    .filter(({ key, differences }) => differences <= Math.min(2, key.length - 1))
    .sort((one, other) => one.differences - other.differences)[0];
  return found?.key ?? null;
}

/** Levenshtein: letters to insert, remove or replace. */
function differences(from: string, to: string): number {
  if (Math.abs(from.length - to.length) > 2) return from.length + to.length;
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let at = 0; at < from.length; at++) {
    const next = [at + 1];
    for (let column = 0; column < to.length; column++) {
      const replaced = (row[column] ?? 0) + (from[at] === to[column] ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
