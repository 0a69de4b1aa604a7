import { Worker } from 'node:worker_threads';
import { CopycatError, type CopycatErrorCode, internalError } from '../../errors/copycat-error.js';
import type { WorkInFlight } from '../work-in-flight.js';
import type { FromWorker, Snapshot, StoreOptions, ToWorker } from '../worker/store-messages.js';
import type { StorePort } from './store-port.js';

/** A file's worker thread, so that an fsync never stalls the event loop. */
export class WorkerPort implements StorePort {
  /** What comes while a batch is under way rests until it is answered, and that is long enough. */
  readonly restUs = 0;
  /** Messages that the thread has not answered. */
  #unanswered = 0;

  private constructor(
    private readonly worker: Worker,
    readonly snapshot: Snapshot,
    readonly notes: readonly string[],
    private readonly inFlight: WorkInFlight | null,
  ) {}

  /** @throws CopycatError LEDGER_UNAVAILABLE, LEDGER_DAMAGED when the file cannot be used. */
  static async open(options: StoreOptions, inFlight: WorkInFlight | null = null): Promise<WorkerPort> {
    const worker = new Worker(new URL('../worker/ledger-worker.js', import.meta.url), { workerData: options });
    inFlight?.began();
    const first = await new Promise<FromWorker>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () =>
        reject(internalError('The ledger worker ended before it had opened its file', options.path)),
      );
    }).finally(() => inFlight?.ended(1));
    if (first.type === 'opened') return new WorkerPort(worker, first.snapshot, first.notes, inFlight);
    await worker.terminate();
    if (first.type !== 'openFailed') throw internalError(`The ledger worker began with ${first.type}`, options.path);
    throw new CopycatError(first.code as CopycatErrorCode, first.message, { value: options.path });
  }

  post(message: ToWorker): void {
    this.#unanswered++;
    this.inFlight?.began();
    this.worker.postMessage(message);
  }

  listen(heard: (message: FromWorker) => void, lost: (why: string) => void): void {
    this.worker.on('message', (message: FromWorker) => {
      heard(message);
      this.#answered(1);
    });
    this.worker.on('error', (error) => lost(error.message));
    this.worker.on('exit', () => {
      lost('the ledger worker ended');
      this.#answered(this.#unanswered);
    });
  }

  #answered(messages: number): void {
    const count = Math.min(messages, this.#unanswered);
    this.#unanswered -= count;
    if (count > 0) this.inFlight?.ended(count);
  }

  afterTurn(work: () => void): void {
    queueMicrotask(work);
  }
}
