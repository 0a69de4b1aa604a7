import type { Status } from '../../control/contract/status.js';

/** What is shown of a pair whose gateway has not answered yet. */
export function unknownStatus(name: string, ledgerPath: string, why: string): Status {
  return {
    name,
    phase: 'unknown',
    protected: false,
    why,
    next: null,
    primary: '',
    epoch: 0,
    boards: [],
    update: null,
    relay: { commanded: 'not known', proved: false },
    warnings: [],
    ledger: { path: ledgerPath, recordedToDisk: true, why: null, waiting: 0 },
    inputs: { pending: 0, answered: 0, refused: 0, quarantined: [] },
    counters: {},
    upMs: 0,
  };
}
