import { existsSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import { CopycatError } from '../../errors/copycat-error.js';
import type { FieldMap, StoredFault } from '../../faults/stored-fault.js';
import { foreignOwnerText } from '../../private-files/foreign-owner.js';
import { refuseForeign } from '../schema/migrations.js';
import { isDamage } from '../worker/sqlite-errors.js';
import { readChronicle, type StoredChronicle } from './read-chronicle.js';
import { countOpenFaults, type FaultFilter, readFault, readFaults } from './read-faults.js';
import { type LedgerStats, readStats } from './read-stats.js';
import {
  type InputFilter,
  readStoredInput,
  readStoredInputs,
  type StoredInput,
  withInputs,
} from './read-stored-inputs.js';

/** How long a read or a `closeFault` waits for a gateway's transaction. */
const BUSY_TIMEOUT_MS = 5000;

/** Who marks a fault as dealt with. */
export interface Closing {
  readonly by: string;
  /** What was found and done; empty: nothing is said. */
  readonly note: string;
}

/** The ledger as the command line reads it, while a gateway runs and when none does. Writes nothing but `closeFault`. */
export interface LedgerReader {
  /** Newest first. */
  listFaults(filter?: FaultFilter): StoredFault[];
  /** Oldest first. */
  nextFaults(filter: FaultFilter): StoredFault[];
  /** The highest number of a fault or an event; 0: there is none. */
  newestFault(): number;
  /** Faults that nobody has closed; planned events are none. */
  countOpenFaults(): number;
  /** @throws CopycatError USAGE when there is no such fault. */
  showFault(id: number): StoredFault;
  /** Marks it as dealt with; one that is closed stays as it was, and an event is. @throws CopycatError USAGE when there is no such fault. */
  closeFault(id: number, closing?: Closing): StoredFault;
  /**
   * Inputs, newest first, probes left out. With durability `process` they are in the journal.
   * @throws CopycatError LEDGER_UNAVAILABLE when that is gone or belongs to another user.
   */
  readInputs(filter?: InputFilter): StoredInput[];
  /** @throws CopycatError USAGE when the ledger has no such input; LEDGER_UNAVAILABLE as `readInputs`. */
  readInput(seq: number): StoredInput;
  stats(): LedgerStats;
  /** What a report is made of. */
  chronicle(): StoredChronicle;
  /** The names of the values in payloads and results; null when the configuration gave none. */
  fields(): FieldMap | null;
  /** Every fault with its timeline, oldest first, read one by one. */
  exportFaults(): IterableIterator<StoredFault>;
  close(): void;
}

/** @throws CopycatError LEDGER_UNAVAILABLE when there is no ledger at `path` or it cannot be read. */
export function openLedgerReader(path: string, wallNowMs: () => number = Date.now): LedgerReader {
  if (!existsSync(path)) {
    throw new CopycatError(
      'LEDGER_UNAVAILABLE',
      `There is no ledger at ${path}. Name one with --ledger FILE or -c CONFIG, or make one: copycat run -c CONFIG, or copycat bench.`,
      { value: path, expected: 'the path of a ledger' },
    );
  }
  const database = openForReading(path);
  const known = (id: number): StoredFault => {
    const fault = readFault(database, id);
    if (fault !== null) return fault;
    const range = database.prepare(`SELECT min(id) AS first, max(id) AS last FROM fault`).get() as {
      first: number | null;
      last: number | null;
    };
    const there = range.first === null ? 'it has no faults' : `its faults are ${range.first} to ${range.last}`;
    throw new CopycatError('USAGE', `there is no fault ${id} in ${path}: ${there}`, { value: id });
  };
  return {
    listFaults: (filter = {}) => [...readFaults(database, { newestFirst: true, ...filter })],
    nextFaults: (filter) => [...readFaults(database, { newestFirst: false, ...filter })],
    newestFault: () => Number(database.prepare(`SELECT coalesce(max(id), 0) FROM fault`).pluck().get()),
    countOpenFaults: () => countOpenFaults(database),
    showFault: known,
    closeFault(id, closing) {
      const fault = known(id);
      if (fault.closedAt === null) markClosed(path, fault, wallNowMs(), closing);
      return known(id);
    },
    readInputs: (filter = {}) => withInputs(database, (inputs) => readStoredInputs(inputs, filter)),
    readInput: (seq) => withInputs(database, (inputs) => readStoredInput(inputs, seq)),
    stats: () => readStats(database),
    chronicle: () => readChronicle(database),
    fields: () => {
      const value = database.prepare(`SELECT value FROM setting WHERE name = 'fields'`).pluck().get();
      return typeof value === 'string' ? (JSON.parse(value) as FieldMap | null) : null;
    },
    exportFaults: () => readFaults(database, { newestFirst: false }),
    close: () => {
      database.close();
    },
  };
}

function openForReading(path: string): Database {
  let database: Database | null = null;
  try {
    database = new Sqlite(path, { readonly: true, timeout: BUSY_TIMEOUT_MS });
    refuseForeign(database);
    database.prepare(`SELECT count(*) FROM fault`).get();
    return database;
  } catch (error) {
    database?.close();
    throw error instanceof CopycatError ? error : unreadable(path, error);
  }
}

/** The only write: a connection of its own for the moment it takes. */
function markClosed(path: string, { id, atUs, wallTime }: StoredFault, wallMs: number, closing?: Closing): void {
  let database: Database | null = null;
  try {
    const opened = new Sqlite(path, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    database = opened;
    const close = opened.transaction(() => {
      const { changes } = opened
        .prepare(`UPDATE fault SET closed_at = ? WHERE id = ? AND closed_at IS NULL`)
        .run(new Date(wallMs).toISOString(), id);
      if (changes === 0 || closing === undefined) return;
      const { by, note } = closing;
      // The gateway's clock is not ours: its host may have restarted since, and an emulated pair has one of its own.
      const sinceMs = Math.max(0, wallMs - Date.parse(wallTime));
      opened
        .prepare(`INSERT INTO fault_step (fault_id, step, at_us, detail) VALUES (?, 'closed', ?, ?)`)
        .run(id, atUs + sinceMs * 1000, JSON.stringify({ by, ...(note === '' ? {} : { note }) }));
    });
    close.immediate();
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    database?.close();
  }
}

function unreadable(path: string, cause: unknown): CopycatError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const owner = isDamage(cause) ? null : foreignOwnerText(path);
  return new CopycatError(
    'LEDGER_UNAVAILABLE',
    `The ledger ${path} cannot be read: ${why}. ${owner ?? 'If the file is damaged, the next start of the gateway saves what can be read.'}`,
    { value: path, expected: 'a readable ledger', cause },
  );
}
