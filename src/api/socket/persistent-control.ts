import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../../clock/clock.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { type ControlServer, type ServeControlOptions, serveControl } from './serve-control.js';

export interface PersistentControlOptions extends ServeControlOptions {
  readonly clock: Clock;
  /** True where the ledger lies in the same folder: whoever opens that says better what is wrong with the folder. */
  readonly besideLedger: boolean;
  /** Told when it cannot be had, and why; null: it can again. */
  readonly onTrouble: (trouble: string | null) => void;
}

const POLL_EVERY_US = 5_000_000;
/** What a disk does to a gateway that could serve: it is tried again. Else the path is a mistake in the configuration. */
const DISKS_OWN: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'ENFILE', 'EMFILE'];

/**
 * The control socket for the life of a gateway. A full or failing disk at the start, and somebody who removes the socket's
 * file later, must not leave a gateway that nobody can ask: it is made again, for ever. Rejects as `serveControl` does when
 * another gateway serves there, and when the path cannot be used by this user at all.
 */
export async function servePersistently(options: PersistentControlOptions): Promise<{ close(): Promise<void> }> {
  const control = new PersistentControl(options);
  await control.begin();
  return { close: () => control.close() };
}

class PersistentControl {
  #server: ControlServer | null = null;
  #trouble: string | null = null;
  #cancel: (() => void) | null = null;
  #isClosed = false;

  constructor(private readonly options: PersistentControlOptions) {}

  async begin(): Promise<void> {
    try {
      await this.#serve();
    } catch (error) {
      if (!this.#isTriedAgain(error)) throw error;
      this.#say(textOf(error));
    }
    this.#pollLater();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancel?.();
    await this.#server?.close();
  }

  async #serve(): Promise<void> {
    const { path, besideLedger } = this.options;
    // On its first start the ledger's folder is not there yet.
    if (besideLedger) mkdirSync(dirname(path), { recursive: true });
    this.#server = await serveControl(this.options);
  }

  #isTriedAgain(error: unknown): boolean {
    if (error instanceof CopycatError && error.cause === undefined) return false; // our own refusal
    const cause = error instanceof CopycatError ? error.cause : error;
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    return this.options.besideLedger || DISKS_OWN.includes(code);
  }

  async #poll(): Promise<void> {
    try {
      const before = this.#server;
      if (before === null || !before.isAtPath) {
        await this.#serve();
        await before?.close();
      }
      this.#say(null);
    } catch (error) {
      this.#say(textOf(error));
    }
    if (this.#isClosed) await this.#server?.close();
    else this.#pollLater();
  }

  #pollLater(): void {
    const { clock } = this.options;
    this.#cancel = clock.alarm(clock.nowUs() + POLL_EVERY_US, () => void this.#poll());
  }

  #say(trouble: string | null): void {
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    this.options.onTrouble(trouble);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
