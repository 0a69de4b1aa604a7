import type { Clock } from '../../clock/clock.js';
import { internalError } from '../../errors/copycat-error.js';
import type { StorePort } from '../client/store-port.js';
import type { Store } from '../worker/store.js';
import type { FromWorker, StoreAnswer, StoreRequest, ToWorker } from '../worker/store-messages.js';
import { type StoreTrouble, TROUBLE_CODES, type WriteDelay } from './write-delay.js';

interface Batch {
  readonly requests: readonly StoreRequest[];
  readonly writtenAtUs: number;
  readonly cancel: () => void;
}

/** One life of the way to a file: writes in the caller's thread, at the time that the delay says. */
export class SimulatedPort implements StorePort {
  readonly restUs = 0;
  /** Told of every batch that the file has taken, and what of it the schema has refused. */
  onWritten: (requests: readonly StoreRequest[], answers: readonly StoreAnswer[], refusals: readonly string[]) => void =
    () => undefined;
  #heard: (message: FromWorker) => void = () => undefined;
  #batch: Batch | null = null;
  #waitsForRelease = false;
  #cut = false;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly delay: (requests: readonly StoreRequest[]) => WriteDelay,
    private trouble: StoreTrouble | null,
  ) {}

  post(message: ToWorker): void {
    if (this.#cut) return;
    if (message.type !== 'batch') throw internalError(`A simulated file cannot ${message.type}`);
    const nowUs = this.clock.nowUs();
    const { writtenUs, answeredUs } = this.delay(message.requests);
    this.#batch = {
      requests: message.requests,
      writtenAtUs: nowUs + writtenUs,
      cancel: this.clock.alarm(nowUs + answeredUs, () => this.#answer()),
    };
  }

  listen(heard: (message: FromWorker) => void): void {
    this.#heard = heard;
  }

  /** The simulator's turn is one moment of its clock. */
  afterTurn(work: () => void): () => void {
    return this.clock.alarm(this.clock.nowUs(), work);
  }

  setTrouble(trouble: StoreTrouble | null): void {
    this.trouble = trouble;
    if (trouble === 'stalled' || !this.#waitsForRelease) return;
    this.#waitsForRelease = false;
    // As an event of its own: whoever releases it is not interrupted by what comes of it.
    if (this.#batch !== null) this.#batch = { ...this.#batch, cancel: this.afterTurn(() => this.#answer()) };
  }

  /** The gateway's end: nothing is heard any more. A batch under way is in the file when it was written and `keeps`. */
  cut(keeps: () => boolean): void {
    this.#cut = true;
    const batch = this.#batch;
    if (batch === null) return;
    batch.cancel();
    this.#batch = null;
    if (this.trouble !== null || this.clock.nowUs() < batch.writtenAtUs || !keeps()) return;
    this.#write(batch.requests);
  }

  #answer(): void {
    const batch = this.#batch;
    if (batch === null) return;
    if (this.trouble === 'stalled') {
      this.#waitsForRelease = true;
      return;
    }
    this.#batch = null;
    if (this.trouble === null) return this.#heard(this.#write(batch.requests));
    const code = TROUBLE_CODES[this.trouble];
    this.#heard({ type: 'failed', code, message: `simulated: ${this.trouble}` });
  }

  #write(requests: readonly StoreRequest[]): FromWorker {
    const written = this.store.write(requests);
    if (written.type === 'written') this.onWritten(requests, written.answers, written.refusals);
    return written;
  }
}
