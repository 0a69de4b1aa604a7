import { CopycatError, type CopycatErrorCode } from '../../src/errors/copycat-error.js';
import type { StorePort } from '../../src/ledger/client/store-port.js';
import { openStore } from '../../src/ledger/worker/open-store.js';
import { ReplacedFileLock } from '../../src/ledger/worker/replaced-file-lock.js';
import { GuardedStore } from '../../src/ledger/worker/standby/guarded-store.js';
import type { FromWorker, Snapshot, StoreOptions, ToWorker } from '../../src/ledger/worker/store-messages.js';

/**
 * In place of the worker's thread (src/ledger/client/worker-port.ts) while mutants are tried: the same store, in this thread. What
 * crosses is copied as between threads, and arrives in a later turn.
 */
export class WorkerPort implements StorePort {
  #heard: (message: FromWorker) => void = () => undefined;

  private constructor(
    private readonly store: GuardedStore,
    private readonly lock: ReplacedFileLock,
    readonly snapshot: Snapshot,
    readonly notes: readonly string[],
  ) {}

  static async open(options: StoreOptions): Promise<WorkerPort> {
    await nextTurn();
    try {
      const opened = openStore(structuredClone(options));
      const { snapshot, notes } = opened;
      const lock = new ReplacedFileLock(options.path, options.lockFolder ?? null);
      const store = new GuardedStore(options, opened, undefined, (path) => lock.take(path));
      return new WorkerPort(store, lock, structuredClone(snapshot), notes);
    } catch (error) {
      if (error instanceof CopycatError) throw error;
      throw new CopycatError(
        'LEDGER_UNAVAILABLE' satisfies CopycatErrorCode,
        `${options.path} cannot be used: ${error}`,
        {
          value: options.path,
        },
      );
    }
  }

  post(message: ToWorker): void {
    const copy = structuredClone(message);
    void nextTurn().then(() => this.#heard(structuredClone(this.#answer(copy))));
  }

  listen(heard: (message: FromWorker) => void): void {
    this.#heard = heard;
  }

  afterTurn(work: () => void): void {
    queueMicrotask(work);
  }

  #answer(message: ToWorker): FromWorker {
    switch (message.type) {
      case 'batch':
        return this.store.write(message.requests);
      case 'carry':
        return this.store.carry(message.fromPath, message.what);
      case 'look':
        return this.store.look();
      case 'close':
        this.store.close();
        this.lock.release();
        return { type: 'closed' };
    }
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
