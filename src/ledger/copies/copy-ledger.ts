import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { CopycatError } from '../../errors/copycat-error.js';
import { createPrivateFile } from '../../private-files/private-file.js';
import { refuseForeign, versionOf } from '../schema/migrations.js';

/** How long a copy waits for a gateway's transaction. */
const BUSY_TIMEOUT_MS = 5000;
/** All in one step: a file that is written meanwhile would else be begun anew, again and again. */
const ALL_PAGES = 0x7f_ff_ff_ff;

export interface CopiedLedger {
  readonly ledger: string;
  /** Null: there is none, or it is not of this run of the ledger. */
  readonly journal: string | null;
  readonly schema: number;
  /** What a person should know of the copies: what is not in them, and why. */
  readonly notes: readonly string[];
}

/**
 * Copies a ledger's files into `folder`, each as one transaction has left it, through SQLite and while a gateway runs: that one waits
 * for nothing, its write-ahead logs only grow meanwhile (R32). The journal last: what went from it to the disk is in both then.
 * @throws CopycatError LEDGER_UNAVAILABLE when there is no ledger at `path`, or it cannot be read
 */
export async function copyLedger(path: string, folder: string): Promise<CopiedLedger> {
  if (!existsSync(path)) {
    throw new CopycatError('LEDGER_UNAVAILABLE', `There is no ledger at ${path}: no gateway has run yet.`, {
      value: path,
    });
  }
  const notes: string[] = [];
  const ledger = join(folder, 'ledger.sqlite');
  const { schema, journalPath, journalId } = await copied(path, ledger, notes);
  if ([`${path}.in-memory`, journalPath.replace(/\.journal$/, '.in-memory')].some((marker) => existsSync(marker))) {
    notes.push('the newest inputs are, or were, in the memory of a gateway alone: they are not in the backup');
  }
  if (journalPath === '') return { ledger, journal: null, schema, notes };
  if (!existsSync(journalPath)) {
    notes.push(`the journal ${journalPath} is not there: the backup has no inputs, but all faults`);
    return { ledger, journal: null, schema, notes };
  }
  const journal = join(folder, 'journal.sqlite');
  const of = await copied(journalPath, journal, notes);
  if (of.journalId === journalId) return { ledger, journal, schema, notes };
  notes.push(`the journal ${journalPath} is of another run: the backup has no inputs, but all faults`);
  return { ledger, journal: null, schema, notes };
}

interface CopiedFile {
  readonly schema: number;
  readonly journalPath: string;
  readonly journalId: string;
}

async function copied(from: string, to: string, notes: string[]): Promise<CopiedFile> {
  let source: Database | null = null;
  try {
    source = new Sqlite(from, { readonly: true, timeout: BUSY_TIMEOUT_MS });
    refuseForeign(source);
    createPrivateFile(to);
    await source.backup(to, { progress: () => ALL_PAGES });
  } catch (error) {
    if (error instanceof CopycatError || !(error instanceof Error)) throw error;
    throw new CopycatError('LEDGER_UNAVAILABLE', `${from} could not be copied: ${error.message}.`, {
      ...{ value: from, cause: error },
    });
  } finally {
    source?.close();
  }
  const copy = new Sqlite(to, { readonly: true });
  try {
    const settingOf = (name: string): string =>
      String(copy.prepare('SELECT value FROM setting WHERE name = ?').pluck().get(name) ?? '');
    if (copy.pragma('quick_check(1)', { simple: true }) !== 'ok') {
      notes.push(`${from} is damaged, and so is its copy: copycat ledger verify says where`);
    }
    return { schema: versionOf(copy), journalPath: settingOf('journal'), journalId: settingOf('journalId') };
  } finally {
    copy.close();
  }
}
