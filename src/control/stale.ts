/** Older than this nobody takes what a gateway said for how the pair stands. */
export const STALE_AFTER_MS = 5000;

/** Null: it is fresh. `ageMs`: for how long the core is not known to have done its work. */
export function staleText(ageMs: number): string | null {
  return ageMs <= STALE_AFTER_MS
    ? null
    : `STALE: the core is not known to have done its work for ${Math.round(ageMs / 1000)} s`;
}
