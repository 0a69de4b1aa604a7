import type { BoardId } from '../result/messages.js';
import { noteFault, openFault } from '../state/fault-log.js';
import type { Lease, Step, Takeover } from '../state/pair-state.js';

/** The lease says which board owns the pair. It changes hands here and nowhere else (R8, R10). */

type Fence = Pick<
  Takeover,
  'faultId' | 'from' | 'to' | 'reason' | 'keepsOut' | 'isOurDoing' | 'isDistrusted' | 'isReturn'
>;

/** The ledger is asked for the next epoch. It is the point of no return: from here a gateway only rolls forward (R10). */
export function fence(step: Step, fenced: Fence): void {
  const { pair } = step;
  const { faultId, from, to } = fenced;
  pair.phase = 'fencing';
  pair.takeover = newTakeover(fenced);
  // R26: planned, nobody is locked out.
  const locksOut = fenced.reason !== null;
  step.effects.push({ type: 'recordFence', from, to, faultId, epoch: pair.lease.epoch + 1, locksOut });
}

/** R10, R26: the same fence as in a takeover, but nobody is locked out. */
export function fencePlanned(step: Step, from: BoardId, to: BoardId, isReturn: boolean): void {
  const faultId = openFault(step, isReturn ? 'switchover-failed' : 'switched-over', null, null, { from, to });
  noteFault(step, faultId, 'declared-failed', { board: from, planned: true });
  fence(step, { faultId, from, to, reason: null, keepsOut: false, isOurDoing: false, isDistrusted: false, isReturn });
}

/** R12: the ledger has it; whose lease it is, it alone says. */
export function takeLease(lease: Lease, epoch: number, primary: BoardId): void {
  lease.epoch = epoch;
  lease.owner = primary;
}

export function newTakeover(what: Fence): Takeover {
  return {
    ...what,
    lost: [],
    fencedAtUs: null,
    relayCommanded: false,
    relayMoved: false,
    list: new Set(),
    answered: false,
    given: false,
  };
}

/** It is over, whatever became of it: a start has nothing to roll forward (R10). */
export function endTakeover(step: Step, takeover: Takeover): void {
  step.effects.push({ type: 'recordTakeoverEnded', faultId: takeover.faultId });
  step.pair.takeover = null;
}
