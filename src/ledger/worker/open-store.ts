import { existsSync, renameSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import { migrate, refuseForeign } from '../migrations.js';
import { copyRows } from './copy-rows.js';
import { readSnapshot } from './snapshot.js';
import { isDamage } from './sqlite-errors.js';
import { Store } from './store.js';
import type { Snapshot, StoreOptions } from './store-messages.js';

export interface OpenedStore {
  readonly store: Store;
  readonly snapshot: Snapshot;
  readonly notes: readonly string[];
}

/** How long a transaction waits for another program's, such as `copycat faults close`; then it is asked again. */
const BUSY_TIMEOUT_MS = 250;

/** Opens a file, or makes it; a damaged one is set aside and what can be read of it goes into a new one. */
export function openStore(options: StoreOptions): OpenedStore {
  const notes: string[] = [];
  let database = tryOpen(options);
  if (database === null) {
    const aside = setAside(options.path);
    database = open(options);
    const read = salvage(aside, database);
    notes.push(`${options.path} was damaged. It is kept as ${aside}; ${read}`);
  }
  return { store: new Store(database, options), snapshot: readSnapshot(database), notes };
}

function tryOpen(options: StoreOptions): Database | null {
  let database: Database | null = null;
  try {
    database = open(options);
    const findings = database.pragma('quick_check(1)', { simple: true });
    if (findings === 'ok') return database;
    database.close();
    return null;
  } catch (error) {
    database?.close();
    if (isDamage(error)) return null;
    throw error;
  }
}

function open({ path, synchronous }: StoreOptions): Database {
  const database = new Sqlite(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    refuseForeign(database);
    // WAL with `off` survives a killed process: a half-written transaction has no commit frame and is not read.
    database.pragma('journal_mode = WAL');
    database.pragma(`synchronous = ${synchronous}`);
    database.pragma('journal_size_limit = 4194304');
    // A statement that a trigger may undo keeps a journal of its own: in a file it would wear the disk for every commit.
    database.pragma('temp_store = MEMORY');
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The write-ahead log goes along: it is part of what can be read. */
function setAside(path: string): string {
  let number = 1;
  while (existsSync(`${path}.damaged-${number}`)) number++;
  const aside = `${path}.damaged-${number}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  }
  return aside;
}

function salvage(aside: string, into: Database): string {
  try {
    const damaged = new Sqlite(aside, { readonly: true });
    try {
      const copied = copyRows(damaged, into);
      const lossy = copied.filter((table) => !table.whole).map((table) => table.table);
      const rows = copied.reduce((sum, table) => sum + table.rows, 0);
      return lossy.length === 0
        ? `all ${rows} rows could be read.`
        : `${rows} rows could be read, rows are lost from: ${lossy.join(', ')}.`;
    } finally {
      damaged.close();
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
    return 'nothing of it could be read.';
  }
}
