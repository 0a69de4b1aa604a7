/** How long a board blinks: time enough to look from one to the other. */
export const BLINK_US = 8_000_000;
/**
 * Between two questions of a burst. The lights of an Uno stay on for a few milliseconds after each byte, so that a burst
 * looks like a light that flickers; and a HELLO takes 1.4 ms of the wire at 500000 baud, which leaves room for work.
 */
export const BEAT_US = 25_000;
/** Half a second on, half a second off: nothing else on the wire has this rhythm. */
const HALF_US = 500_000;

/** Whether the lights are to be on so long after the beginning. */
export function isLit(sinceUs: number): boolean {
  return Math.floor(sinceUs / HALF_US) % 2 === 0;
}
