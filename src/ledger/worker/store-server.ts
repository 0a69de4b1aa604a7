import { CopycatError, internalError } from '../../errors/copycat-error.js';
import { openStore } from './open-store.js';
import { ReplacedFileLock } from './replaced-file-lock.js';
import { GuardedStore } from './standby/guarded-store.js';
import type { FromWorker, Snapshot, StoreOptions, ToWorker } from './store-messages.js';

/** One file of the ledger, open, in whatever thread it lives: a message in, one transaction, a message out. */
export class StoreServer {
  private constructor(
    private readonly store: GuardedStore,
    private readonly lock: ReplacedFileLock,
    readonly snapshot: Snapshot,
    readonly notes: readonly string[],
  ) {}

  /** @throws CopycatError LEDGER_UNAVAILABLE, LEDGER_DAMAGED, LEDGER_LOCKED when the file cannot be used. */
  static open(options: StoreOptions): StoreServer {
    const lock = new ReplacedFileLock(options.path, options.lockFolder ?? null);
    try {
      const opened = openStore(options, (path, isNew) => lock.take(path, isNew));
      const store = new GuardedStore(options, opened, undefined, (path, isNew) => lock.take(path, isNew));
      return new StoreServer(store, lock, opened.snapshot, opened.notes);
    } catch (error) {
      if (error instanceof CopycatError) throw error;
      throw new CopycatError('LEDGER_UNAVAILABLE', `${options.path} cannot be used: ${error}`, { value: options.path });
    }
  }

  answer(message: ToWorker): FromWorker {
    switch (message.type) {
      case 'batch':
        return this.store.write(message.requests);
      case 'carry':
        return this.store.carry(message.fromPath, message.what);
      case 'checkFile':
        return this.store.checkFile();
      case 'close':
        this.store.close();
        this.lock.release();
        return { type: 'closed' };
      default:
        throw internalError('A ledger file was asked for what it does not know', message satisfies never);
    }
  }
}
