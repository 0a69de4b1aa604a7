import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { CopycatError } from '../errors/copycat-error.js';
import { createPrivateFile, refuseStrangeFile, writePrivateFile } from '../private-files/private-file.js';

/** Another process may end, and take its lock file along, just while it is opened here; not for ever. */
const MOST_TRIES = 100;
/** So many files of other gateways that are gone can have had a number that a new file gets. */
const MOST_NUMBERS = 8;

const LEDGER_USED = (path: string, pid: string): string =>
  `Another gateway (process ${pid}) uses the ledger ${path}. Stop it first, or give this pair a ledger of its own.`;

/** The file itself, whatever path led to it: `64769-131077`, device and inode. */
export function fileIdentity(path: string): string {
  const { dev, ino } = statSync(path, { bigint: true });
  return `${dev}-${ino}`;
}

/**
 * The files that this process has taken for itself, by what they are and not by what they are called: two links to one file, symbolic
 * or hard, and two mounts of one folder are one lock. A lock is an open transaction on a small file of SQLite's, so that it is the
 * kernel's and vanishes with the process, however it ends.
 */
export class FileLocks {
  readonly #held = new Map<string, () => void>();

  /** @param folder private to this user and the same for all of the user's gateways; null where a host has no such place. */
  constructor(private readonly folder: string | null) {}

  /**
   * Takes the file at `path`, which must be there, and says which one that was. `refusal` says who has it.
   * @throws CopycatError LEDGER_LOCKED when another gateway has it; LEDGER_UNAVAILABLE when the lock's file is not of this user
   */
  take(path: string, refusal = LEDGER_USED): string {
    const identity = fileIdentity(path);
    if (this.folder === null || this.#held.has(path)) return identity;
    this.#held.set(path, lockBy(join(this.folder, `${identity}.lock`), path, refusal));
    return identity;
  }

  /**
   * As `take`, of an empty file that this process has just made, and at whose path nobody else makes one. Where its number is locked, that
   * is of a file of another gateway that had it before and is gone: this one is made once more, with another number.
   */
  takeNew(path: string): string {
    const aside: string[] = [];
    try {
      for (;;) {
        try {
          return this.take(path);
        } catch (error) {
          const isLocked = error instanceof CopycatError && error.code === 'LEDGER_LOCKED';
          if (!isLocked || aside.length === MOST_NUMBERS || statSync(path).size > 0) throw error;
        }
        // Kept until another number is found, or it would be given out again.
        const kept = `${path}.${aside.length}-other-number`;
        renameSync(path, kept);
        aside.push(kept);
        createPrivateFile(path);
      }
    } finally {
      for (const file of aside) rmSync(file, { force: true });
    }
  }

  /**
   * A lock beside a file or a folder, under its name: it holds for a path, also while what is there is replaced, and for every user.
   */
  takeBeside(path: string, refusal = LEDGER_USED): void {
    if (!this.#held.has(`${path}.lock`)) this.#held.set(`${path}.lock`, lockBy(`${path}.lock`, path, refusal));
  }

  /** As `take`, of a name in its folder, which must be there, whatever is under that name or will be. */
  takePlace(path: string, refusal: (path: string, pid: string) => string): void {
    if (this.folder === null || this.#held.has(path)) return;
    const name = createHash('sha256').update(basename(path)).digest('hex').slice(0, 16);
    const lock = join(this.folder, `${fileIdentity(dirname(path))}-${name}.lock`);
    this.#held.set(path, lockBy(lock, path, refusal));
  }

  /** Before the file is removed or gets another name: its number may be another file's then. */
  release(path: string): void {
    this.#held.get(path)?.();
    this.#held.delete(path);
  }

  releaseAll(): void {
    for (const path of [...this.#held.keys()].reverse()) this.release(path);
  }
}

function lockBy(lock: string, path: string, refusal: typeof LEDGER_USED): () => void {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    createPrivateFile(lock);
    refuseStrangeFile(lock);
    const before = inodeOf(lock);
    if (before === null) continue;
    const database = begin(lock, path, refusal);
    // Whoever had it before has removed the file meanwhile: a lock on that is none.
    if (inodeOf(lock) !== before) {
      database.close();
      continue;
    }
    try {
      writePrivateFile(holderOf(lock), `${process.pid}\n`);
    } catch (error) {
      database.close();
      throw error;
    }
    return () => {
      try {
        // Before the lock goes: nobody can have taken it yet, nor made another of that name.
        for (const file of [holderOf(lock), lock]) rmSync(file, { force: true });
      } finally {
        database.close();
      }
    };
  }
  throw new CopycatError('LEDGER_UNAVAILABLE', `The lock ${lock} of ${path} comes and goes.`, { value: lock });
}

/** The lock's file is never opened but through SQLite: closing it would drop the lock. */
function begin(lock: string, path: string, refusal: typeof LEDGER_USED): Database {
  const database = new Sqlite(lock, { timeout: 0 });
  try {
    // Nothing is ever written: no journal beside it. OFF is what SQLite, as it is built here, does not take.
    database.pragma('journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    if (!(error instanceof Sqlite.SqliteError) || !error.code.startsWith('SQLITE_BUSY')) throw error;
    throw new CopycatError('LEDGER_LOCKED', refusal(path, readHolder(holderOf(lock))), {
      ...{ value: path, expected: 'a ledger no other gateway uses', cause: error },
    });
  }
}

function holderOf(lock: string): string {
  return lock.replace(/\.lock$/, '.pid');
}

/** Only for the message; the lock itself does not depend on it. */
function readHolder(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return 'unknown';
  }
}

function inodeOf(path: string): bigint | null {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino ?? null;
}
