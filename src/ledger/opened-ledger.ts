import type { Ledger } from './ledger.js';

/** What a start has to tell besides its rows: a file that was damaged and what of it is lost, a journal set aside. */
export interface OpenedLedger extends Ledger {
  readonly notes: readonly string[];
}

/** The host as the ledger sees it; tests stand in for it. */
export interface LedgerHost {
  readonly bootId?: string;
  readonly wallNowMs?: () => number;
}
