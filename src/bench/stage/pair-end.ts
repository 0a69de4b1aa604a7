import type { Status } from '../../control/contract/status.js';

/** How a pair can stand. `stopped`: nothing safe was left to do, and a person has to decide. */
export type PairEnd = 'protected' | 'not protected' | 'stopped';

export function endOf(status: Status): PairEnd {
  if (status.phase === 'stopped') return 'stopped';
  return status.protected ? 'protected' : 'not protected';
}

/** True for a pair that is at rest, in the way that is expected of it, and for one that has stopped: it moves no more. */
export function standsAs(expected: PairEnd, status: Status): boolean {
  return standsWhileAsked(expected, status) && (status.phase === 'stopped' || status.boards.every(isUpToDate));
}

/** The same of one that is asked without a pause: its backup may be a copy behind at every moment at which somebody looks. */
export function standsWhileAsked(expected: PairEnd, status: Status): boolean {
  if (status.phase === 'stopped') return true;
  return status.phase === 'serving' && endOf(status) === expected;
}

function isUpToDate({ behind }: Status['boards'][number]): boolean {
  return behind === 0;
}
