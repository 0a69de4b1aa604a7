import type { Clock } from '../../clock/clock.js';
import type { WorkInFlight } from '../work-in-flight.js';
import type {
  CarriedRows,
  FromWorker,
  Snapshot,
  Standby,
  StoreAnswer,
  StoreOptions,
  StoreRequest,
} from '../worker/store-messages.js';
import { InlinePort } from './inline-port.js';
import { SlowPort, type StorageDelay } from './slow-port.js';
import type { StorePort } from './store-port.js';
import { WorkerPort } from './worker-port.js';

/** A batch that storage would not take is asked again after this long. */
const RETRY_AFTER_US = 250_000;
/** How often a file is looked at that is well: somebody may have removed it. */
const CHECK_EVERY_US = 500_000;
/** How soon, and at last how rarely, a file is looked at that cannot be written; it begins anew when it was well so long. */
const RETURN = { firstUs: 250_000, maxUs: 8_000_000, wellAfterUs: 60_000_000 };
/** Most requests in one transaction: bounds how long the first of them waits for its answer. */
const BATCH_LIMIT = 512;
/**
 * Beyond so many waiting requests what only tells (faults) is dropped, counted and told as trouble until they are few again
 * (R6). Nothing that somebody outside can provoke at will comes here: counters are summed first (ledger-counters.ts).
 */
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

/** R23, R27: what a killed gateway did not live to record of these, the boards tell the next one, and an answer goes out again, marked. */
const NOT_WAITED_FOR: ReadonlySet<StoreRequest['type']> = new Set<StoreRequest['type']>([
  'recordDone',
  'recordEmitted',
  'finishInput',
  'setCounters',
]);

export interface StoreReport {
  answered(answers: readonly StoreAnswer[]): void;
  /** Something changed in `waiting`, `trouble` or `standby`. */
  changed(): void;
  /** Something that a person should know, such as what a damaged file has lost. */
  noted(notes: readonly string[]): void;
}

/**
 * The asking side of one file, wherever it is written. One batch is under way at a time; what arrives meanwhile goes with the next one.
 * Storage trouble keeps the batch and asks again: every request is idempotent and the order stays.
 */
export class StoreClient {
  readonly #queue: StoreRequest[] = [];
  #underWay: readonly StoreRequest[] = [];
  #scheduled = false;
  /** What nobody waits for rests until then, or until something else is asked. */
  #isResting = false;
  #trouble: string | null = null;
  #refused: string | null = null;
  #dropped = 0;
  #batches = 0;
  #idle: (() => void)[] = [];
  #troubled: (() => void)[] = [];
  #carried: (() => void) | null = null;
  #closed: (() => void) | null = null;
  #ended = false;
  #standby: Standby | null = null;
  #returnAfterUs = RETURN.firstUs;
  #wellSinceUs: number;
  #isChecking = false;
  #cancelCheck: () => void = () => undefined;

  constructor(
    private readonly port: StorePort,
    private readonly clock: Clock,
    private readonly report: StoreReport,
    /** The file, and what it knew and told when it was opened. */
    readonly path: string,
    readonly snapshot: Snapshot,
    readonly notes: readonly string[],
    /** False: the file is not one that somebody could remove. */
    private readonly checksFile = true,
  ) {
    this.#wellSinceUs = clock.nowUs();
    this.#pollLater();
    port.listen(
      (message) => this.#heard(message),
      (why) => this.#lost(why),
    );
  }

  /** @throws CopycatError LEDGER_UNAVAILABLE, LEDGER_DAMAGED when the file cannot be used. */
  static async open(
    options: StoreOptions,
    clock: Clock,
    report: StoreReport,
    delay: StorageDelay | null = null,
    inFlight: WorkInFlight | null = null,
  ): Promise<StoreClient> {
    const file = options.isInline === true ? InlinePort.open(options) : await WorkerPort.open(options, inFlight);
    const port = delay === null ? file : new SlowPort(file, clock, delay);
    return new StoreClient(port, clock, report, options.path, file.snapshot, file.notes);
  }

  get waiting(): number {
    return this.#queue.length + this.#underWay.length;
  }

  get trouble(): string | null {
    if (this.#trouble !== null) return this.#trouble;
    if (this.#standby !== null) return `${this.#standby.code}: ${this.#standby.message}`;
    return this.#refused ?? (this.#dropped > 0 ? `${this.#dropped} records dropped` : null);
  }

  /** Why the ledger goes on in memory; null: it is in the file. */
  get standby(): Standby | null {
    return this.#standby;
  }

  /** True while a batch is asked again and again: nobody knows when its answers come. */
  get stands(): boolean {
    return this.#trouble !== null;
  }

  /** Transactions so far: how well requests share them. */
  get batches(): number {
    return this.#batches;
  }

  submit(request: StoreRequest): void {
    if (this.#queue.length >= (TELLING.has(request.type) ? TELLING_LIMIT : QUEUE_LIMIT)) {
      this.#dropped++;
      if (this.#dropped === 1) this.report.changed();
      return;
    }
    this.#queue.push(request);
    if (this.#scheduled || this.#underWay.length > 0) return;
    if (this.port.restUs > 0 && NOT_WAITED_FOR.has(request.type)) return this.#rest();
    // What one step of the core wants arrives in one turn: it shares a transaction.
    this.#scheduled = true;
    this.port.afterTurn(() => {
      this.#scheduled = false;
      this.#postNext();
    });
  }

  #rest(): void {
    if (this.#isResting) return;
    this.#isResting = true;
    this.clock.alarm(this.clock.nowUs() + this.port.restUs, () => {
      this.#isResting = false;
      if (!this.#ended) this.#postNext();
    });
  }

  /** Resolves when everything submitted so far is in the file. */
  async settled(): Promise<void> {
    this.#postNext();
    if (this.waiting === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** As `settled`, but gives up at the first trouble: false. */
  async settledOrTroubled(): Promise<boolean> {
    await Promise.race([this.settled(), new Promise<void>((resolve) => this.#troubled.push(resolve))]);
    return this.trouble === null;
  }

  /** Takes over the inputs, or the faults, of another file; before the first request. */
  async carry(fromPath: string, what: CarriedRows): Promise<void> {
    const carried = new Promise<void>((resolve) => {
      this.#carried = resolve;
    });
    this.port.post({ type: 'carry', fromPath, what });
    await carried;
  }

  async close(): Promise<void> {
    if (this.#ended) return;
    this.#cancelCheck();
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
        this.#hasStandby(message.standby ?? null);
        this.#postNext();
        this.#forgetDropped();
        this.report.answered(message.answers);
        break;
      }
      case 'fileChecked':
        this.#hasStandby(message.standby);
        this.#isChecking = false;
        this.#pollLater();
        if (message.notes.length > 0) this.report.noted(message.notes);
        this.report.answered(message.answers);
        break;
      case 'failed':
        // R17: not for the standby store: a lock of another program, or a start. It waits; nothing is lost or reordered.
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

  /** The trouble has gone with its cause; what it has cost stays in the log. */
  #forgetDropped(): void {
    if (this.#dropped === 0 || this.#queue.length > BATCH_LIMIT) return;
    this.report.noted([`${this.#dropped} records were dropped while the ledger did not keep up; it does again.`]);
    this.#dropped = 0;
  }

  #hasStandby(standby: Standby | null): void {
    const wasWell = this.#standby === null;
    this.#standby = standby;
    const nowUs = this.clock.nowUs();
    if (standby === null) {
      if (!wasWell) this.#wellSinceUs = nowUs;
      return;
    }
    // A disk that is full again at once is asked as rarely as before.
    if (wasWell && nowUs - this.#wellSinceUs >= RETURN.wellAfterUs) this.#returnAfterUs = RETURN.firstUs;
    if (wasWell) this.#pollLater();
  }

  #pollLater(): void {
    this.#cancelCheck();
    if (!this.checksFile || this.#isChecking) return;
    const afterUs = this.#standby === null ? CHECK_EVERY_US : this.#returnAfterUs;
    if (this.#standby !== null) this.#returnAfterUs = Math.min(RETURN.maxUs, this.#returnAfterUs * 2);
    this.#cancelCheck = this.clock.alarm(this.clock.nowUs() + afterUs, () => {
      if (this.#ended) return;
      this.#isChecking = true;
      this.port.post({ type: 'checkFile' });
    });
  }

  #lost(message: string): void {
    if (this.#ended) return;
    this.#cancelCheck();
    this.#ended = true;
    this.#trouble = message;
    this.report.changed();
    this.#closed?.();
    this.#carried?.();
    for (const resolve of [...this.#troubled.splice(0), ...this.#idle.splice(0)]) resolve();
  }
}
