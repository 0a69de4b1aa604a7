import { FileLocks, fileIdentity } from '../file-locks.js';

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
   * @param isNew this process has just made the file, and nobody else can have it
   * @throws CopycatError LEDGER_LOCKED when another gateway has it; LEDGER_UNAVAILABLE
   */
  take(path: string, isNew = false): void {
    if (this.#first === null) return;
    const found = fileIdentity(path);
    if (found === this.#now) return;
    this.release();
    if (found === this.#first) return;
    this.#now = isNew ? this.#locks.takeNew(path) : this.#locks.take(path);
  }

  release(): void {
    this.#locks.releaseAll();
    this.#now = this.#first;
  }
}
