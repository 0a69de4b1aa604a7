import { ownerOf, type PairState } from './pair-state.js';

/**
 * R25, R5: a board joins at a pause of the primary. A primary that never pauses is given nothing new for a moment, no
 * longer than one deadline, and only after it has gone `joinPatienceUs` without a pause; the joiner's own speed has no
 * part in it.
 */
export function isHeld(pair: PairState, atUs: number): boolean {
  if (ownerOf(pair).session !== 'open') return false;
  for (const { joining } of pair.boards.values()) {
    if (joining === null || (joining.step !== 'waiting' && joining.step !== 'reading')) continue;
    if (atUs >= joining.waitingSinceUs + pair.config.joinPatienceUs) return true;
  }
  return false;
}

/** When a hold that has led to nothing ends. */
export function holdEndsUs(pair: PairState, waitingSinceUs: number): number {
  return waitingSinceUs + pair.config.joinPatienceUs + pair.config.deadlineUs;
}
