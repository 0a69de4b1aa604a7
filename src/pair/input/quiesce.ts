import type { PairState } from '../state/pair-state.js';
import { primaryOf } from '../state/roles.js';

/** Two chunks, read twice: four round trips, each shorter than the deadline of an input by far. */
const BYTES_A_DEADLINE = 64;

/**
 * R25, R5: a board joins at a pause of the primary. A primary that never pauses is given nothing new for a moment, no
 * longer than one deadline for each 64 bytes of its state, and only after it has gone `joinPatienceUs` without a pause; the joiner's own speed has no
 * part in it.
 */
export function isQuiesced(pair: PairState, atUs: number): boolean {
  if (primaryOf(pair).session.state !== 'open') return false;
  for (const {
    membership: { joining },
  } of pair.boards.values()) {
    if (joining === null || (joining.step !== 'waiting' && joining.step !== 'reading')) continue;
    if (atUs >= joining.waitingSinceUs + pair.config.joinPatienceUs) return true;
  }
  return false;
}

/** When a hold that has led to nothing ends. */
export function quiesceEndsUs(pair: PairState, waitingSinceUs: number): number {
  const bytes = primaryOf(pair).session.hello?.stateBytes ?? 0;
  const deadlines = 1 + Math.floor(bytes / BYTES_A_DEADLINE);
  return waitingSinceUs + pair.config.joinPatienceUs + deadlines * pair.config.deadlineUs;
}
