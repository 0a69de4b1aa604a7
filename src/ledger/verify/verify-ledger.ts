import { existsSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import { CopycatError } from '../../errors/copycat-error.js';
import { foreignOwnerText } from '../../private-files/foreign-owner.js';
import { migrate, refuseForeign, versionOf } from '../schema/migrations.js';
import { SCHEMA_VERSION } from '../schema/schema-steps.js';
import { isDamage } from '../worker/sqlite-errors.js';
import { type FileName, findingOf, type LedgerFinding } from './finding.js';
import { SQLITE_CHECKS } from './sqlite-checks.js';
import { found, verifyTables } from './verify-tables.js';

/** How long a look waits for a gateway's transaction. */
const BUSY_TIMEOUT_MS = 5000;

/** What a look at a ledger came to. */
export interface Verification {
  /** The ledger's file. */
  readonly path: string;
  /** Its journal, where that was looked at as well. */
  readonly journal: string | null;
  /** Nothing: every rule that the tables can prove holds. */
  readonly findings: readonly LedgerFinding[];
  /** What is no mistake and a reader should know: what was not looked at, and why. */
  readonly notes: readonly string[];
}

/**
 * Checks a ledger from its files alone, while a gateway runs and when none does: SQLite's own checks, then every rule that
 * the tables can prove. Each file is read as one transaction has left it, through SQLite alone and read-only: a running
 * gateway waits for nothing, and its write-ahead logs only grow meanwhile (R32).
 * @throws CopycatError LEDGER_UNAVAILABLE when there is no ledger at `path`, it is none, or this user may not read it.
 */
export function verifyLedger(path: string): Verification {
  if (!existsSync(path)) throw notALedger(path, `There is no ledger at ${path}.`);
  const files = new OpenFiles();
  try {
    const notes: string[] = [];
    const ledger = files.open(path);
    if (ledger === null) return { path, journal: null, findings: [unreadable('ledger')], notes };
    const journalPath = settingOf(ledger, 'journal');
    const markers = [`${path}.in-memory`, journalPath.replace(/\.journal$/, '.in-memory')];
    if (markers.some((marker) => existsSync(marker))) {
      notes.push('The newest inputs are, or were, in the memory of a gateway alone: the files lack their tail.');
    }
    const hasJournal = journalPath !== '' && isThere(journalPath, notes);
    const journal = hasJournal ? files.open(journalPath) : null;
    if (hasJournal && journal === null) {
      const findings = [...bySqlite('ledger', ledger), unreadable('journal'), ...byRules(ledger, null, notes)];
      return { path, journal: journalPath, findings, notes };
    }
    const inputs = journal !== null && isOfThisRun(ledger, journal, notes) ? journal : null;
    // The journal first: seqs are reserved in the ledger's file before one of them is in the journal.
    inputs?.exec('BEGIN');
    ledger.exec('BEGIN');
    const findings = [
      ...bySqlite('ledger', ledger),
      ...(inputs === null ? [] : bySqlite('journal', inputs)),
      ...byRules(ledger, inputs, notes),
    ];
    return { path, journal: inputs === null ? null : journalPath, findings, notes };
  } finally {
    files.close();
  }
}

/** What was opened, closed together however the look ends. */
class OpenFiles {
  readonly #open: Database[] = [];

  /** Null: it is a database, and damaged where its tables are named. */
  open(path: string): Database | null {
    try {
      const database = new Sqlite(path, { readonly: true, timeout: BUSY_TIMEOUT_MS });
      this.#open.push(database);
      refuseForeign(database);
      if (versionOf(database) === 0) throw notALedger(path, `${path} is no ledger: it has no tables of one.`);
      return database;
    } catch (error) {
      if (error instanceof CopycatError) throw error;
      if (error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_CORRUPT')) return null;
      const why = error instanceof Error ? error.message : String(error);
      const more = isDamage(error)
        ? 'It is no ledger, or its first bytes are damaged: then the next start of a gateway saves what can be read.'
        : (foreignOwnerText(path) ?? '');
      throw notALedger(path, `${path} cannot be read: ${why}. ${more}`.trimEnd(), error);
    }
  }

  close(): void {
    for (const database of this.#open) database.close();
  }
}

function unreadable(file: FileName): LedgerFinding {
  const damaged = { code: 'sqlite-damaged', rule: 'SQLite', expected: 'pages that can be read' };
  return findingOf(damaged, file, { found: 'the names of its tables cannot be read' });
}

function bySqlite(name: FileName, database: Database): LedgerFinding[] {
  return SQLITE_CHECKS.flatMap((check) => found(check, name, () => check.spots(database)));
}

function byRules(ledger: Database, journal: Database | null, notes: string[]): LedgerFinding[] {
  const copies: Database[] = [];
  const today = (database: Database): Database => {
    if (versionOf(database) === SCHEMA_VERSION) return database;
    notes.push(
      `${database.name} is of schema ${versionOf(database)}: it is checked as the next start will bring it up to date.`,
    );
    const copy = migratedCopy(database);
    copies.push(copy);
    return copy;
  };
  try {
    return verifyTables({ ledger: today(ledger), journal: journal === null ? null : today(journal) });
  } finally {
    for (const copy of copies) copy.close();
  }
}

/** In memory; the file stays as it is. */
function migratedCopy(database: Database): Database {
  const image = database.serialize();
  // A database in memory has no write-ahead log: bytes 18 and 19 of the header say whether it needs one.
  image[18] = 1;
  image[19] = 1;
  const copy = new Sqlite(image);
  migrate(copy);
  return copy;
}

function isThere(path: string, notes: string[]): boolean {
  if (existsSync(path)) return true;
  notes.push(`The journal ${path} is not there (it does not outlive a restart of the host): inputs were not checked.`);
  return false;
}

function isOfThisRun(ledger: Database, journal: Database, notes: string[]): boolean {
  if (settingOf(journal, 'journalId') === settingOf(ledger, 'journalId')) return true;
  notes.push(`The journal ${journal.name} is of another run, and is set aside at a start: inputs were not checked.`);
  return false;
}

function settingOf(database: Database, name: string): string {
  try {
    return String(database.prepare(`SELECT value FROM setting WHERE name = ?`).pluck().get(name) ?? '');
  } catch (error) {
    if (isDamage(error)) return '';
    throw error;
  }
}

function notALedger(path: string, message: string, cause?: unknown): CopycatError {
  return new CopycatError('LEDGER_UNAVAILABLE', message, { value: path, expected: 'the file of a ledger', cause });
}
