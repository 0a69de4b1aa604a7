import { readFileSync, writeFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { CopycatError } from '../errors/copycat-error.js';

/**
 * Takes the ledger for this process: an open transaction on a side file, so that the lock is the kernel's and vanishes
 * with the process, however it ends. The side file is never opened but through SQLite: closing it would drop the lock.
 * @throws CopycatError LEDGER_LOCKED when another gateway has it.
 */
export function lockLedger(path: string): () => void {
  const holderPath = `${path}.pid`;
  const database = new Sqlite(`${path}.lock`, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (!(error instanceof Sqlite.SqliteError) || !error.code.startsWith('SQLITE_BUSY')) throw error;
    throw new CopycatError(
      'LEDGER_LOCKED',
      `Another gateway (process ${holderOf(holderPath)}) uses the ledger ${path}. Stop it first, or give this pair a ledger of its own.`,
      { value: path, expected: 'a ledger no other gateway uses', cause: error },
    );
  }
  writeFileSync(holderPath, `${process.pid}\n`);
  return () => database.close();
}

/** Only for the message; the lock itself does not depend on it. */
function holderOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return 'unknown';
  }
}
