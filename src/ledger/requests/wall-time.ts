/** A host without a clock chip starts in the past until the network has told it the time. */
const FIRST_TRUSTED_YEAR = 2025;

/** Wall clock of a moment `agoUs` before `nowMs`; trusted when the clock cannot be a never-set one. */
export function wallTimeOf(nowMs: number, agoUs: number): { wallTime: string; wallTimeTrusted: boolean } {
  const at = new Date(nowMs - agoUs / 1000);
  return { wallTime: at.toISOString(), wallTimeTrusted: at.getUTCFullYear() >= FIRST_TRUSTED_YEAR };
}
