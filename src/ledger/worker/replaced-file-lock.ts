import { renameSync, rmSync } from 'node:fs';
import { CopycatError } from '../../errors/copycat-error.js';
import { createPrivateFile } from '../../private-files/private-file.js';
import { FileLocks, fileIdentity } from '../file-locks.js';

/** So many files of other gateways that are gone can have had a number that a new file gets. */
const MOST_NUMBERS = 8;

/**
 * The process has taken the file that was there at its start. A file that is made in its place later, or that somebody else puts
 * there, is taken before it is used.
 */
export class ReplacedFileLock {
  readonly #first: string | null;
  #now: string | null;
  readonly #locks: FileLocks;

  constructor(path: string, lockFolder: string | null) {
    this.#locks = new FileLocks(lockFolder);
    this.#first = lockFolder === null ? null : fileIdentity(path);
    this.#now = this.#first;
  }

  /**
   * @param isNew this process has just made the file, and nobody else can have it: where its number is locked, that is of another
   * gateway's file that had it before and is gone, and the file is made once more with another number
   * @throws CopycatError LEDGER_LOCKED when another gateway has it; LEDGER_UNAVAILABLE
   */
  take(path: string, isNew = false): void {
    if (this.#first === null) return;
    const found = fileIdentity(path);
    if (found === this.#now) return;
    this.release();
    if (found === this.#first) return;
    if (isNew) this.#takeNew(path);
    else this.#locks.take(path);
    this.#now = fileIdentity(path);
  }

  #takeNew(path: string): void {
    const aside: string[] = [];
    try {
      for (;;) {
        try {
          return this.#locks.take(path);
        } catch (error) {
          const isLocked = error instanceof CopycatError && error.code === 'LEDGER_LOCKED';
          if (!isLocked || aside.length === MOST_NUMBERS) throw error;
        }
        // Kept until another number is found, or it would be given out again.
        aside.push(`${path}.${aside.length}-other-number`);
        renameSync(path, aside.at(-1) ?? path);
        createPrivateFile(path);
      }
    } finally {
      for (const file of aside) rmSync(file, { force: true });
    }
  }

  release(): void {
    this.#locks.releaseAll();
    this.#now = this.#first;
  }
}
