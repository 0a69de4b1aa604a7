import type { Config } from '../config/config.js';
import { firstPrimary } from '../config/to-pair-config.js';
import type { Status } from '../control/contract/status.js';

/** What a gateway can say of itself before its ledger and its lines are open: that it is alive, and what it waits for. */
export function startingStatus(config: Config, waitsFor: string, upMs: number): Status {
  return {
    name: config.name,
    phase: 'starting',
    protected: false,
    why: `the gateway is starting: it waits for ${waitsFor}`,
    next: null,
    primary: firstPrimary(config),
    epoch: 0,
    boards: [],
    update: null,
    relay: { commanded: 'nothing yet', proved: false },
    warnings: [],
    ledger: { path: config.ledger.path, recordedToDisk: true, why: null, waiting: 0 },
    inputs: { pending: 0, answered: 0, refused: 0, quarantined: [] },
    counters: {},
    coreAgeMs: 0,
    upMs,
  };
}
