import { Worker } from 'node:worker_threads';
import { CopycatError, type CopycatErrorCode, internalError } from '../errors/copycat-error.js';
import type { StorePort } from './store-port.js';
import type { FromWorker, Snapshot, StoreOptions, ToWorker } from './worker/store-messages.js';

/** A file's worker thread, so that an fsync never stalls the event loop. */
export class WorkerPort implements StorePort {
  private constructor(
    private readonly worker: Worker,
    readonly snapshot: Snapshot,
    readonly notes: readonly string[],
  ) {}

  /** @throws CopycatError LEDGER_UNAVAILABLE, LEDGER_DAMAGED when the file cannot be used. */
  static async open(options: StoreOptions): Promise<WorkerPort> {
    const worker = new Worker(new URL('./worker/ledger-worker.js', import.meta.url), { workerData: options });
    const first = await new Promise<FromWorker>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () =>
        reject(internalError('The ledger worker ended before it had opened its file', options.path)),
      );
    });
    if (first.type === 'opened') return new WorkerPort(worker, first.snapshot, first.notes);
    await worker.terminate();
    if (first.type !== 'openFailed') throw internalError(`The ledger worker began with ${first.type}`, options.path);
    throw new CopycatError(first.code as CopycatErrorCode, first.message, { value: options.path });
  }

  post(message: ToWorker): void {
    this.worker.postMessage(message);
  }

  listen(heard: (message: FromWorker) => void, lost: (why: string) => void): void {
    this.worker.on('message', heard);
    this.worker.on('error', (error) => lost(error.message));
    this.worker.on('exit', () => lost('the ledger worker ended'));
  }

  afterTurn(work: () => void): void {
    queueMicrotask(work);
  }
}
