import type { Status } from '../../src/control/contract/status.js';

/** How a pair stands that is well and has nothing to do, and what of it is different here. */
export function statusWith(changes: Partial<Status> = {}): Status {
  return {
    name: 'oven',
    phase: 'serving',
    protected: true,
    why: 'both boards agree',
    next: null,
    primary: 'a',
    epoch: 1,
    boards: [],
    update: null,
    relay: { commanded: 'a', proved: true },
    warnings: [],
    ledger: { path: 'copycat.sqlite', recordedToDisk: true, why: null, waiting: 0 },
    inputs: { pending: 0, answered: 0, refused: 0, quarantined: [] },
    counters: {},
    upMs: 0,
    ...changes,
  };
}
