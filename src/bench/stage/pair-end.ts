import type { Status } from '../../control/contract/status.js';

/** How a pair can stand. `stopped`: nothing safe was left to do, and a person has to decide. */
export type PairEnd = 'protected' | 'not protected' | 'stopped';

export function endOf(status: Status): PairEnd {
  if (status.phase === 'stopped') return 'stopped';
  return status.protected ? 'protected' : 'not protected';
}

/** True for a pair that is at rest, in the way that is expected of it, and for one that has stopped: it moves no more. */
export function standsAs(expected: PairEnd, status: Status): boolean {
  if (status.phase === 'stopped') return true;
  return status.phase === 'serving' && endOf(status) === expected && status.boards.every(({ behind }) => behind === 0);
}
