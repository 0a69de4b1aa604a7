import { existsSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import { createPrivateFile } from '../../private-files/private-file.js';
import { foreignFile, kindOf, markAsLedger, migrate, refuseForeign } from '../schema/migrations.js';
import { SCHEMA_VERSION } from '../schema/schema-steps.js';
import { evidenceOf } from './file-evidence.js';
import { finishSalvage, salvage } from './salvage.js';
import { isDamage, isLockedOut } from './sqlite-errors.js';
import { Store } from './store.js';
import type { Snapshot, StoreOptions } from './store-messages.js';
import { readSnapshot } from './tables/snapshot.js';

export interface OpenedStore {
  readonly store: Store;
  readonly snapshot: Snapshot;
  readonly notes: readonly string[];
}

/** How long a transaction waits for another program's, such as `copycat faults close`; then it is asked again. */
const BUSY_TIMEOUT_MS = 250;

/** A write-ahead log of so many pages is written back into its file; the core waits for that, a fraction of a millisecond. */
const INLINE_LOG_PAGES = 200;

/**
 * Opens a file, or makes it; a damaged one is set aside and what can be read of it goes into a new one.
 * @param taken told when the path leads to a file that it may not have led to before: it is not locked yet. `isNew`: it was made here
 * @throws CopycatError LEDGER_UNAVAILABLE for what is no ledger and shows no sign of ever having been one; it is left as it is
 */
export function openStore(
  options: StoreOptions,
  taken: (path: string, isNew?: boolean) => void = () => undefined,
): OpenedStore {
  const { path } = options;
  const notes: string[] = [];
  finishSalvage(path);
  taken(path, createPrivateFile(path));
  let database = tryOpen(options);
  if (database === null) {
    notes.push(salvage(path, (fresh) => connect({ ...options, path: fresh })));
    taken(path);
    database = connect(options);
  }
  if (options.isInline === true) {
    // While it was opened, another program's lock could be waited for. From now on nothing may hold up the core (R32).
    database.pragma('busy_timeout = 0');
    database.pragma(`wal_autocheckpoint = ${INLINE_LOG_PAGES}`);
  }
  return { store: new Store(database, options), snapshot: readSnapshot(database), notes };
}

/** Null: it is a ledger, and damaged. */
function tryOpen(options: StoreOptions): Database | null {
  let database: Database | null = null;
  try {
    database = new Sqlite(options.path, { timeout: BUSY_TIMEOUT_MS });
    const kind = kindOf(database);
    refuseForeign(database, kind);
    if (kind !== 'damaged') {
      prepare(database, options);
      tryWrite(database);
      if (database.pragma('quick_check(1)', { simple: true }) === 'ok') return database;
    }
    database.close();
    return null;
  } catch (error) {
    database?.close();
    return refuseUnlessDamaged(options, error);
  }
}

/** @throws CopycatError LEDGER_UNAVAILABLE for a file that is not ours; the error itself where it tells of no damage */
function refuseUnlessDamaged({ path, isKnown = false }: StoreOptions, error: unknown): null {
  if (!(error instanceof Sqlite.SqliteError) || isLockedOut(error.code) || !existsSync(path)) throw error;
  const { isOurs, isBlank, isHeaderSound } = evidenceOf(path);
  if (!isDamage(error)) {
    // A header may also say that the file is of a later format, or is not to be written.
    if (isOurs && !isHeaderSound) return null;
    throw error;
  }
  if (isOurs || isBlank || isKnown) return null;
  throw foreignFile(path, 'is no ledger, and nothing in it says that it ever was one');
}

function connect(options: StoreOptions): Database {
  const database = new Sqlite(options.path, { timeout: BUSY_TIMEOUT_MS });
  try {
    prepare(database, options);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function prepare(database: Database, { synchronous }: StoreOptions): void {
  // Before there is a write-ahead log: a file that is damaged later is known by its first bytes.
  markAsLedger(database);
  // WAL with `off` survives a killed process: a half-written transaction has no commit frame and is not read.
  database.pragma('journal_mode = WAL');
  database.pragma(`synchronous = ${synchronous}`);
  database.pragma('journal_size_limit = 4194304');
  // A statement that a trigger may undo keeps a journal of its own: in a file it would wear the disk for every commit.
  database.pragma('temp_store = MEMORY');
  migrate(database);
}

/** A header may say that the file is not to be written, and nothing else notices before the first write. */
function tryWrite(database: Database): void {
  try {
    // BEGIN alone does not mind.
    database.exec(`BEGIN IMMEDIATE; PRAGMA user_version = ${SCHEMA_VERSION}; ROLLBACK`);
  } catch (error) {
    if (!(error instanceof Sqlite.SqliteError) || !isLockedOut(error.code)) throw error;
  }
}
