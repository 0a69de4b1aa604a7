import type { StoredFault } from '../../faults/stored-fault.js';
import type { Input } from '../../pair/state/pair-state.js';

/** More do not wait: the oldest that is not being told leaves, and is counted. The ledger has its story all the same. */
export const MOST_WAITING = 32;

/** A fault that is to be told, and what has been noted of it so far. */
export interface UntoldFault {
  fault: StoredFault;
  readonly input: Input | null;
  readonly openedAtUs: number;
  changedAtUs: number;
  attempts: number;
  isUnderWay: boolean;
}
