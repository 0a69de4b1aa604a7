import type { Duplex } from 'node:stream';
import type { Clock } from '../../clock/clock.js';
import { Allowance } from '../allowance.js';
import type { TurnTaker } from '../intake-turns.js';
import type { RequestCutter } from './request-cutter.js';

export interface ConnectionEvents<Request> {
  request(connection: ClientConnection<Request>, request: Request): void;
  /** A request came, or may be taken again. */
  ready(): void;
  /** It is told why and ends: nothing more comes from it. */
  left(connection: ClientConnection<Request>): void;
  closed(connection: ClientConnection<Request>): void;
  /** True while nobody may be read from. */
  readonly isPaused: () => boolean;
}

/** How long a client that was refused may take to hang up. */
const LAST_WORD_US = 5_000_000;
/** R32: what was refused costs work that brings nothing. After so many at once a client is read so rarely. */
const REFUSALS = { burst: 64, everyUs: 50_000 };

/** One client: requests in, answers out, both bounded; whatever carries the bytes. */
export class ClientConnection<Request> implements TurnTaker {
  /** Refs that are to be answered here. */
  readonly unanswered = new Set<string>();
  /** True once it was ended because its client does not read. */
  cutOff = false;
  /** Since its last request was taken, or its last answer. */
  idleSinceUs: number;
  /** True once an input of it was taken. */
  hasWorked = false;
  readonly #refusals: Allowance;
  #cancelPutOff: (() => void) | null = null;
  #cancelLastWord: (() => void) | null = null;
  /** Nothing more will be read, though answers may be owed. */
  #inputEnded = false;
  #ending = false;
  #discardedBytes = 0;
  #isGathering = false;

  /** @param maxUnreadBytes answers that the client has not read; beyond it is cut off */
  constructor(
    private readonly stream: Duplex,
    private readonly cutter: RequestCutter<Request>,
    private readonly clock: Clock,
    private readonly maxUnreadBytes: number,
    private readonly events: ConnectionEvents<Request>,
  ) {
    this.idleSinceUs = clock.nowUs();
    this.#refusals = new Allowance(clock, REFUSALS.burst, REFUSALS.everyUs);
    stream.on('data', (chunk: Buffer) => {
      if (this.#ending) return this.#discard(chunk.length);
      cutter.push(chunk);
      events.ready();
      this.proceed();
    });
    stream.on('end', () => {
      this.#inputEnded = true;
      cutter.end();
      events.ready();
      this.proceed();
    });
    // A reset by the client is the world's: `close` follows and says all there is to know.
    stream.on('error', () => stream.destroy());
    stream.on('close', () => {
      this.#ending = true;
      this.#cancelPutOff?.();
      this.#cancelLastWord?.();
      events.closed(this);
    });
  }

  get inWork(): number {
    return this.unanswered.size;
  }

  get isReady(): boolean {
    return !this.#ending && this.cutter.hasRequest && !this.events.isPaused() && !this.#isPutOff();
  }

  /** True while a request of it waits for its turn. */
  get hasRequest(): boolean {
    return this.cutter.hasRequest;
  }

  /** True when nothing would be lost with it: no answer is owed and no request waits for its turn. */
  get owesNothing(): boolean {
    return this.unanswered.size === 0 && !this.cutter.hasRequest;
  }

  takeOne(): void {
    const request = this.cutter.next();
    if (request === null) return;
    this.idleSinceUs = this.clock.nowUs();
    this.events.request(this, request);
    this.proceed();
  }

  /** Reads on, stops reading, or ends when all is done. To be called when something has changed. */
  proceed(): void {
    if (this.#ending) return;
    if (this.cutter.hasRequest && this.cutter.hasRoom !== true) {
      // Backpressure: what cannot have its turn yet stays with the client.
      this.stream.pause();
    } else if (this.#inputEnded && this.owesNothing) {
      this.#ending = true;
      this.stream.end();
    } else if (this.events.isPaused()) {
      this.stream.pause();
    } else {
      this.stream.resume();
    }
  }

  /** False when it did not reach the client's stream. */
  send(bytes: string | Uint8Array): boolean {
    const { stream } = this;
    if (this.cutOff || stream.destroyed || !stream.writable) return false;
    this.idleSinceUs = this.clock.nowUs();
    this.#gather();
    stream.write(bytes);
    if (stream.writableLength <= this.maxUnreadBytes) return true;
    this.cutOff = true;
    this.#ending = true;
    stream.destroy();
    return false;
  }

  /** What one turn of the event loop answers leaves in one write: each costs the client a waking-up. */
  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.stream.cork();
    process.nextTick(() => {
      this.#isGathering = false;
      this.stream.uncork();
    });
  }

  /** A request of it was of no use. */
  broughtNothing(): void {
    this.#refusals.use();
  }

  /** Ends the connection after what it was told last. */
  leave(): void {
    this.#ending = true;
    this.events.left(this);
    // Closing with bytes unread would make the system drop the reason before the client has it: read a little on.
    this.#cancelLastWord = this.clock.alarm(this.clock.nowUs() + LAST_WORD_US, () => this.stream.destroy());
    this.stream.end();
    this.stream.resume();
  }

  /** Ends the connection; what was sent still goes out when the client takes it at once. */
  end(): void {
    this.#ending = true;
    const { stream } = this;
    // What this turn has gathered is sent, and not what the client has left unread.
    stream.uncork();
    if (stream.writableLength > 0) stream.destroy();
    else stream.end(() => stream.destroy());
  }

  /** At once, also when it has not taken its last word. */
  destroy(): void {
    this.#ending = true;
    this.stream.destroy();
  }

  /** True while it waits because of what was refused; it says itself when that is over. */
  #isPutOff(): boolean {
    const { waitUs } = this.#refusals;
    if (waitUs === 0) return false;
    this.#cancelPutOff ??= this.clock.alarm(this.clock.nowUs() + waitUs, () => {
      this.#cancelPutOff = null;
      this.events.ready();
    });
    return true;
  }

  #discard(bytes: number): void {
    this.#discardedBytes += bytes;
    if (this.#discardedBytes > this.maxUnreadBytes) this.stream.destroy();
  }
}
