import type { FromWorker, Snapshot, StoreOptions, ToWorker } from '../worker/store-messages.js';
import { StoreServer } from '../worker/store-server.js';
import type { StorePort } from './store-port.js';

/**
 * A file that lies in memory (tmpfs), written where the core runs: there is no device that it could wait for, and a
 * transaction takes less time there than a message to another thread and back. Another program's lock is not waited for
 * either: the batch is refused, and asked again later.
 */
export class InlinePort implements StorePort {
  /** Of seven requests for an input three are waited for: the rest goes with them. */
  readonly restUs = 2_000;
  readonly #waiting: ToWorker[] = [];
  #isAnswering = false;
  #heard: (message: FromWorker) => void = () => undefined;
  #lost: (why: string) => void = () => undefined;
  #hasEnded = false;

  private constructor(private readonly server: StoreServer) {}

  /** @throws CopycatError LEDGER_UNAVAILABLE, LEDGER_DAMAGED, LEDGER_LOCKED when the file cannot be used. */
  static open(options: StoreOptions): InlinePort {
    return new InlinePort(StoreServer.open(options));
  }

  get snapshot(): Snapshot {
    return this.server.snapshot;
  }

  get notes(): readonly string[] {
    return this.server.notes;
  }

  /** Answers before it returns. What is posted while an answer is heard waits for that: answers keep their order. */
  post(message: ToWorker): void {
    this.#waiting.push(message);
    if (this.#isAnswering) return;
    this.#isAnswering = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) this.#answer(next);
    this.#isAnswering = false;
  }

  listen(heard: (message: FromWorker) => void, lost: (why: string) => void): void {
    this.#heard = heard;
    this.#lost = lost;
  }

  afterTurn(work: () => void): void {
    queueMicrotask(work);
  }

  #answer(message: ToWorker): void {
    if (this.#hasEnded) return;
    let answer: FromWorker;
    try {
      answer = this.server.answer(message);
    } catch (error) {
      // Our own mistake, as it would end a worker thread: the file is not written any more, and everybody hears it.
      this.#hasEnded = true;
      this.#lost(error instanceof Error ? error.message : String(error));
      return;
    }
    if (answer.type === 'closed') this.#hasEnded = true;
    this.#heard(answer);
  }
}
