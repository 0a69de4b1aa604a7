import type { Clock } from '../clock/clock.js';
import type { StorePort } from './store-port.js';
import type { FromWorker, Snapshot, StoreAnswer, StoreOptions, StoreRequest } from './worker/store-messages.js';
import { WorkerPort } from './worker-port.js';

/** A batch that storage would not take is asked again after this long. */
const RETRY_AFTER_US = 250_000;
/** Most requests in one transaction: bounds how long the first of them waits for its answer. */
const BATCH_LIMIT = 512;
/** Beyond so many waiting requests what only tells (faults, counters) is dropped, counted and told as trouble (R6). */
const TELLING_LIMIT = 20_000;
/** Beyond so many, everything is: the core's own bounds on what is in work are far below. */
const QUEUE_LIMIT = 100_000;
const TELLING: ReadonlySet<StoreRequest['type']> = new Set<StoreRequest['type']>([
  'openFault',
  'noteFault',
  'addRepeats',
  'keepFaultInput',
  'setCounters',
]);

export interface StoreReport {
  answered(answers: readonly StoreAnswer[]): void;
  /** Something changed in `waiting` or `trouble`. */
  changed(): void;
}

/**
 * The asking side of one file, wherever it is written. One batch is under way at a time; what arrives meanwhile goes with the next one.
 * Storage trouble keeps the batch and asks again: every request is idempotent and the order stays.
 */
export class StoreClient {
  readonly #queue: StoreRequest[] = [];
  #underWay: readonly StoreRequest[] = [];
  #scheduled = false;
  #trouble: string | null = null;
  #refused: string | null = null;
  #dropped = 0;
  #batches = 0;
  #idle: (() => void)[] = [];
  #troubled: (() => void)[] = [];
  #carried: (() => void) | null = null;
  #closed: (() => void) | null = null;
  #ended = false;

  constructor(
    private readonly port: StorePort,
    private readonly clock: Clock,
    private readonly report: StoreReport,
    /** The file, and what it knew and told when it was opened. */
    readonly path: string,
    readonly snapshot: Snapshot,
    readonly notes: readonly string[],
  ) {
    port.listen(
      (message) => this.#heard(message),
      (why) => this.#lost(why),
    );
  }

  /** @throws CopycatError LEDGER_UNAVAILABLE, LEDGER_DAMAGED when the file cannot be used. */
  static async open(options: StoreOptions, clock: Clock, report: StoreReport): Promise<StoreClient> {
    const port = await WorkerPort.open(options);
    return new StoreClient(port, clock, report, options.path, port.snapshot, port.notes);
  }

  get waiting(): number {
    return this.#queue.length + this.#underWay.length;
  }

  get trouble(): string | null {
    return this.#trouble ?? this.#refused ?? (this.#dropped > 0 ? `${this.#dropped} records dropped` : null);
  }

  /** Transactions so far: how well requests share them. */
  get batches(): number {
    return this.#batches;
  }

  submit(request: StoreRequest): void {
    if (this.#queue.length >= (TELLING.has(request.type) ? TELLING_LIMIT : QUEUE_LIMIT)) {
      this.#dropped++;
      this.report.changed();
      return;
    }
    this.#queue.push(request);
    if (this.#scheduled || this.#underWay.length > 0) return;
    // What one step of the core wants arrives in one turn: it shares a transaction.
    this.#scheduled = true;
    this.port.afterTurn(() => {
      this.#scheduled = false;
      this.#postNext();
    });
  }

  /** Resolves when everything submitted so far is in the file. */
  async settled(): Promise<void> {
    if (this.waiting === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** As `settled`, but gives up at the first trouble: false. */
  async settledOrTroubled(): Promise<boolean> {
    await Promise.race([this.settled(), new Promise<void>((resolve) => this.#troubled.push(resolve))]);
    return this.trouble === null;
  }

  /** Takes over the inputs of another file; before the first request. */
  async carry(fromPath: string): Promise<void> {
    const carried = new Promise<void>((resolve) => {
      this.#carried = resolve;
    });
    this.port.post({ type: 'carry', fromPath });
    await carried;
  }

  async close(): Promise<void> {
    if (this.#ended) return;
    const closed = new Promise<void>((resolve) => {
      this.#closed = resolve;
    });
    this.port.post({ type: 'close' });
    await closed;
  }

  #postNext(): void {
    if (this.#underWay.length > 0 || this.#queue.length === 0) return;
    this.#underWay = this.#queue.splice(0, BATCH_LIMIT);
    this.port.post({ type: 'batch', requests: this.#underWay });
  }

  #heard(message: FromWorker): void {
    switch (message.type) {
      case 'written': {
        this.#batches++;
        this.#underWay = [];
        this.#trouble = null;
        if (message.refusals.length > 0) this.#refused = message.refusals.join('; ');
        this.#postNext();
        this.report.answered(message.answers);
        break;
      }
      case 'failed':
        // R17: here the standby store will take over; until then the batch waits, and nothing is lost or reordered.
        this.#trouble = `${message.code}: ${message.message}`;
        this.clock.alarm(this.clock.nowUs() + RETRY_AFTER_US, () => {
          if (!this.#ended) this.port.post({ type: 'batch', requests: this.#underWay });
        });
        break;
      case 'carried':
        this.#carried?.();
        return;
      case 'closed':
        this.#ended = true;
        this.#closed?.();
        return;
      default:
        this.#trouble = `unexpected ${message.type} from the ledger worker`;
    }
    this.report.changed();
    if (this.trouble !== null) for (const resolve of this.#troubled.splice(0)) resolve();
    if (this.waiting === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  #lost(message: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#trouble = message;
    this.report.changed();
    this.#closed?.();
    this.#carried?.();
    for (const resolve of [...this.#troubled.splice(0), ...this.#idle.splice(0)]) resolve();
  }
}
