import type { StorageDelay } from './client/slow-port.js';
import type { Ledger } from './ledger.js';
import type { WorkInFlight } from './work-in-flight.js';

/** What a start has to tell besides its rows: a file that was damaged and what of it is lost, a journal set aside. */
export interface OpenedLedger extends Ledger {
  readonly notes: readonly string[];
}

/** The host as the ledger sees it; tests stand in for it. */
export interface LedgerHost {
  readonly bootId?: string;
  readonly wallNowMs?: () => number;
  /** Where locks lie; default: the user's own folder in /dev/shm. */
  readonly lockFolder?: string;
  /** A disk that is slower than the host's, for the bench. */
  readonly delay?: StorageDelay;
  /** Counts what the files' threads owe, for the bench. */
  readonly inFlight?: WorkInFlight;
}
