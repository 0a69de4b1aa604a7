import type { Logger } from 'pino';
import type { Clock } from '../../clock/clock.js';
import type { LedgerRequest, PairEffect } from '../../pair/state/effects.js';

export interface SupplyNotesOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** What is wrong with how the host is fed or cooled at this moment; null: nothing that it knows of. */
  readonly readTrouble: () => string | null;
  readonly perform: (request: LedgerRequest) => void;
  /** The number under which the ledger keeps a fault. */
  readonly keptAs: (faultId: number) => number;
}

/**
 * Under-voltage of the host is a frequent cause of boards that vanish from its USB: where there is some when a fault is
 * opened, the fault's timeline says so. Read after the step that opened it: a takeover does not wait for it.
 */
export class SupplyNotes {
  #isClosed = false;

  constructor(private readonly options: SupplyNotesOptions) {}

  see(effect: PairEffect): void {
    if (effect.type !== 'openFault') return;
    const { faultId } = effect.fault;
    setImmediate(() => {
      if (this.#isClosed) return;
      const { clock, log, readTrouble, perform, keptAs } = this.options;
      const trouble = readTrouble();
      if (trouble === null) return;
      log.warn({ fault: keptAs(faultId), trouble }, 'the host itself is in trouble');
      perform({ type: 'noteFault', faultId, step: 'host-in-trouble', atUs: clock.nowUs(), detail: { trouble } });
    });
  }

  close(): void {
    this.#isClosed = true;
  }
}
