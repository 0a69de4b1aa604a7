import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { CopycatError } from '../../errors/copycat-error.js';
import { createPrivateFile, refuseForeignOwner, refuseStrangeFile } from '../../private-files/private-file.js';
import { ensurePrivateFolder, refuseOpenFolder, userLockFolder } from '../../private-files/private-folder.js';
import { FileLocks, fileIdentity } from '../file-locks.js';
import type { LedgerOptions } from '../ledger.js';
import type { LedgerHost } from '../opened-ledger.js';
import { journalPathOf, realFilePath } from './journal-path.js';

export interface PreparedFiles {
  /** Without links. */
  readonly path: string;
  /** Null with durability `power`. */
  readonly journalPath: string | null;
  /** The ledger is taken; so is each journal when it is opened. */
  readonly locks: FileLocks;
  readonly lockFolder: string | null;
}

/** A file may be replaced between a look at it and the lock; not for ever. */
const MOST_TRIES = 10;

const JOURNAL_USED = (path: string, pid: string): string =>
  `Another gateway (process ${pid}) uses the journal ${path}, which this ledger names as its own: one of the two is a copy, or both are called alike in two containers. Stop the other gateway first, or begin a new ledger (ledger: path, ledger: journal).`;

/**
 * Makes the folders and the ledger's file where they are missing, each so that nobody else gets in, and takes the ledger for this
 * process.
 * @throws CopycatError LEDGER_LOCKED, LEDGER_UNAVAILABLE
 */
export function prepareFiles(options: LedgerOptions & LedgerHost): PreparedFiles {
  const { durability, journalFolder } = options;
  try {
    mkdirSync(dirname(resolve(options.path)), { recursive: true });
    const path = realFilePath(options.path);
    const lockFolder = options.lockFolder ?? userLockFolder();
    if (lockFolder !== null) ensurePrivateFolder(lockFolder);
    if (durability === 'process') ensurePrivateFolder(journalFolder);
    const locks = new FileLocks(lockFolder);
    takeLedger(path, locks);
    return { path, journalPath: durability === 'power' ? null : journalPathOf(path, journalFolder), locks, lockFolder };
  } catch (error) {
    throw error instanceof CopycatError ? error : unavailable(options.path, error);
  }
}

/** Of two that start at once, one makes the file, and one gets the lock on it. */
function takeLedger(path: string, locks: FileLocks): void {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const isNew = createPrivateFile(path);
    refuseForeignOwner(path);
    const before = fileIdentity(path);
    try {
      locks.takeBeside(path);
      const taken = isNew ? locks.takeNew(path) : locks.take(path);
      if (fileIdentity(path) === taken && (isNew || taken === before)) return;
    } catch (error) {
      locks.releaseAll();
      throw error;
    }
    locks.releaseAll();
  }
  throw new CopycatError('LEDGER_UNAVAILABLE', `The file ${path} is being replaced again and again.`, { value: path });
}

/**
 * Before SQLite opens it: a journal that is missing is made, one that is there is seen to be this user's own, with what lies beside
 * it, in a folder that nobody else may write to.
 * @throws CopycatError LEDGER_LOCKED where another gateway uses it; LEDGER_UNAVAILABLE
 */
export function takeJournal(path: string, locks: FileLocks): void {
  try {
    refuseOpenFolder(dirname(path));
    createPrivateFile(path);
    for (const suffix of ['', '-wal', '-shm']) refuseStrangeFile(path + suffix);
    locks.take(path, JOURNAL_USED);
  } catch (error) {
    throw error instanceof CopycatError ? error : unavailable(path, error);
  }
}

function unavailable(path: string, cause: unknown): CopycatError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new CopycatError('LEDGER_UNAVAILABLE', `The ledger ${path} cannot be used: ${why}.`, {
    value: path,
    expected: 'a file in a folder that this user may write',
    cause,
  });
}
