import type { Clock } from '../../clock/clock.js';
import type { FromWorker, ToWorker } from '../worker/store-messages.js';
import type { StorePort } from './store-port.js';

/** How much longer each transaction takes than it would by itself, in microseconds of the gateway's clock. */
export interface StorageDelay {
  us: number;
}

/** A file on a disk whose fsync takes long, for the bench: it is asked late, and answers in order. */
export class SlowPort implements StorePort {
  #freeAtUs = 0;

  constructor(
    private readonly port: StorePort,
    private readonly clock: Clock,
    private readonly delay: StorageDelay,
  ) {}

  get restUs(): number {
    return this.port.restUs;
  }

  post(message: ToWorker): void {
    const nowUs = this.clock.nowUs();
    this.#freeAtUs = Math.max(nowUs + (message.type === 'close' ? 0 : this.delay.us), this.#freeAtUs);
    if (this.#freeAtUs <= nowUs || message.type === 'close') this.port.post(message);
    else this.clock.alarm(this.#freeAtUs, () => this.port.post(message));
  }

  listen(heard: (message: FromWorker) => void, lost: (why: string) => void): void {
    this.port.listen(heard, lost);
  }

  afterTurn(work: () => void): void {
    this.port.afterTurn(work);
  }
}
