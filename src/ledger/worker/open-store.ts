import Sqlite from 'better-sqlite3';
import { migrate } from '../migrations.js';
import { readSnapshot } from './snapshot.js';
import { Store } from './store.js';
import type { Snapshot, StoreOptions } from './store-messages.js';

export interface OpenedStore {
  readonly store: Store;
  readonly snapshot: Snapshot;
  readonly notes: readonly string[];
}

/** How long a transaction waits for a reader's `closeFault`. */
const BUSY_TIMEOUT_MS = 2000;

export function openStore(options: StoreOptions): OpenedStore {
  const database = new Sqlite(options.path, { timeout: BUSY_TIMEOUT_MS });
  // WAL with `off` survives a killed process: a half-written transaction has no commit frame and is not read.
  database.pragma('journal_mode = WAL');
  database.pragma(`synchronous = ${options.synchronous}`);
  database.pragma('journal_size_limit = 4194304');
  migrate(database);
  return { store: new Store(database, options), snapshot: readSnapshot(database), notes: [] };
}
