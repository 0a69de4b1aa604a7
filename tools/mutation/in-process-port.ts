import type { StorePort } from '../../src/ledger/client/store-port.js';
import type { FromWorker, Snapshot, StoreOptions, ToWorker } from '../../src/ledger/worker/store-messages.js';
import { StoreServer } from '../../src/ledger/worker/store-server.js';

/**
 * In place of the worker's thread (src/ledger/client/worker-port.ts) while mutants are tried: the same store, in this thread. What
 * crosses is copied as between threads, and arrives in a later turn.
 */
export class WorkerPort implements StorePort {
  readonly restUs = 0;
  #heard: (message: FromWorker) => void = () => undefined;

  private constructor(
    private readonly server: StoreServer,
    readonly snapshot: Snapshot,
    readonly notes: readonly string[],
  ) {}

  static async open(options: StoreOptions): Promise<WorkerPort> {
    await nextTurn();
    const server = StoreServer.open(structuredClone(options));
    return new WorkerPort(server, structuredClone(server.snapshot), server.notes);
  }

  post(message: ToWorker): void {
    const copy = structuredClone(message);
    void nextTurn().then(() => this.#heard(structuredClone(this.server.answer(copy))));
  }

  listen(heard: (message: FromWorker) => void): void {
    this.#heard = heard;
  }

  afterTurn(work: () => void): void {
    queueMicrotask(work);
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
