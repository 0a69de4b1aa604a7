import Sqlite from 'better-sqlite3';
import type { CommitOutcome } from '../../pair/state/events.js';

export type SqliteError = InstanceType<typeof Sqlite.SqliteError>;

/** A refusal by one of our constraints or by SQLite's own (unique, check, type): one statement is undone, the transaction goes on. */
export function isRefusal(error: unknown): error is SqliteError {
  return error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_CONSTRAINT');
}

/** What R8's constraint says, as the core knows it; null when the error is no refusal of a commit. */
export function outcomeOf(error: unknown): CommitOutcome | null {
  if (!isRefusal(error)) return null;
  switch (error.message) {
    case 'LOCKED_OUT':
      return 'locked-out';
    // An input that the ledger does not know cannot get its first commit; whoever asks is late.
    case 'NOT_OWNER':
    case 'UNKNOWN_INPUT':
    case 'DROPPED':
    // The owner of a stopped pair that is not in sync itself.
    case 'OUT_OF_SYNC':
      return 'not-owner';
    case 'DIFFERENT':
      return 'different';
    default:
      return null;
  }
}

/** Trouble in storage: full, unreadable, locked by a reader, gone. Everything else that is thrown is our own mistake. */
export function isStorageTrouble(error: unknown): error is SqliteError {
  if (!(error instanceof Sqlite.SqliteError)) return false;
  const { code } = error;
  return !code.startsWith('SQLITE_CONSTRAINT') && code !== 'SQLITE_ERROR' && code !== 'SQLITE_MISUSE';
}

/** Another program holds the file's lock for now; nothing is wrong with the file. */
export function isLockedOut(code: string): boolean {
  return code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED');
}

/** Pages that cannot be what SQLite wrote. */
export function isDamage(error: unknown): boolean {
  if (!(error instanceof Sqlite.SqliteError)) return false;
  return error.code.startsWith('SQLITE_CORRUPT') || error.code === 'SQLITE_NOTADB';
}
