import { isUtf8 } from 'node:buffer';
import type { Socket } from 'node:net';
import type { Clock } from '../../clock/clock.js';
import { Allowance } from '../allowance.js';
import type { TurnTaker } from '../intake-turns.js';
import { LineBuffer } from './line-buffer.js';
import type { ErrorCode, RequestError, RequestId } from './tcp-request.js';

export interface ConnectionLimits {
  /** Longest line, in bytes; a longer one ends the connection. */
  readonly maxLineBytes: number;
  /** Answers that the client has not read; beyond it is cut off. */
  readonly maxUnreadBytes: number;
}

export interface ConnectionEvents {
  /** `isUtf8` false: `line` is not all that came. */
  line(connection: TcpConnection, line: string, isUtf8: boolean): void;
  /** A line came, or may be taken again. */
  ready(): void;
  /** It is told why and ends: nothing more comes from it. */
  left(connection: TcpConnection): void;
  closed(connection: TcpConnection): void;
  /** True while nobody may be read from. */
  readonly isPaused: () => boolean;
}

/** How long a client that was refused may take to hang up. */
const LAST_WORD_MS = 5000;
/** R32: what was refused costs work that brings nothing. After so many at once a client is read so rarely. */
const REFUSALS = { burst: 64, everyUs: 50_000 };

/** One client: lines in, JSON lines out, both bounded. */
export class TcpConnection implements TurnTaker {
  /** Refs that are to be answered here. */
  readonly unanswered = new Set<string>();
  /** True once it was ended because its client does not read. */
  cutOff = false;
  /** Since its last whole line, or its last answer. */
  idleSinceUs: number;
  /** True once an input of it was taken. */
  hasWorked = false;
  /** It has said a first line, and the right one. */
  isGreeted = false;
  readonly #lines = new LineBuffer();
  readonly #refusals: Allowance;
  #cancelPutOff: (() => void) | null = null;
  /** Nothing more will be read, though answers may be owed. */
  #inputEnded = false;
  #ending = false;
  #discardedBytes = 0;
  #isGathering = false;

  constructor(
    private readonly socket: Socket,
    private readonly clock: Clock,
    private readonly limits: ConnectionLimits,
    private readonly events: ConnectionEvents,
  ) {
    this.idleSinceUs = clock.nowUs();
    this.#refusals = new Allowance(clock, REFUSALS.burst, REFUSALS.everyUs);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    socket.on('data', (chunk: Buffer) => {
      if (this.#ending) return this.#discard(chunk.length);
      this.#lines.push(chunk);
      events.ready();
      this.proceed();
    });
    socket.on('end', () => {
      this.#inputEnded = true;
      events.ready();
      this.proceed();
    });
    // A reset by the client is the world's: `close` follows and says all there is to know.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#ending = true;
      this.#cancelPutOff?.();
      events.closed(this);
    });
  }

  get inWork(): number {
    return this.unanswered.size;
  }

  get isReady(): boolean {
    return !this.#ending && this.#hasLine && !this.events.isPaused() && !this.#isPutOff();
  }

  /** True when nothing would be lost with it: no answer is owed and no line waits for its turn. */
  get owesNothing(): boolean {
    return this.unanswered.size === 0 && !this.#hasLine;
  }

  takeLine(): void {
    const line = this.#lines.next() ?? this.#lines.rest();
    if (line.length > this.limits.maxLineBytes) return this.#refuseLine(line.length);
    this.idleSinceUs = this.clock.nowUs();
    const text = line.toString('utf8').trim();
    if (text !== '') this.events.line(this, text, isUtf8(line));
    this.proceed();
  }

  /** Reads on, stops reading, or ends when all is done. To be called when something has changed. */
  proceed(): void {
    if (this.#ending) return;
    if (this.#hasLine) {
      // Backpressure: what cannot have its turn yet stays with the client.
      this.socket.pause();
      return;
    }
    if (this.#lines.heldBytes > this.limits.maxLineBytes) return this.#refuseLine(this.#lines.heldBytes);
    if (this.#inputEnded && this.unanswered.size === 0) {
      this.#ending = true;
      this.socket.end();
    } else if (this.events.isPaused()) {
      this.socket.pause();
    } else {
      this.socket.resume();
    }
  }

  /** False when it did not reach the socket. */
  send(message: object): boolean {
    const { socket } = this;
    if (this.cutOff || socket.destroyed || !socket.writable) return false;
    this.idleSinceUs = this.clock.nowUs();
    this.#gather();
    socket.write(`${JSON.stringify(message)}\n`);
    if (socket.writableLength <= this.limits.maxUnreadBytes) return true;
    this.cutOff = true;
    this.#ending = true;
    socket.destroy();
    return false;
  }

  /** What one turn of the event loop answers leaves in one write: each costs the client a waking-up. */
  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.socket.cork();
    process.nextTick(() => {
      this.#isGathering = false;
      this.socket.uncork();
    });
  }

  sendError(error: RequestError, id?: RequestId): boolean {
    this.broughtNothing();
    return this.send(id === undefined ? { error } : { id, error });
  }

  /** A line of it was of no use. */
  broughtNothing(): void {
    this.#refusals.use();
  }

  /** Says why, then ends the connection. */
  refuse(code: ErrorCode, message: string, expected: string, value?: unknown): void {
    this.sendError({ code, message, ...(value === undefined ? {} : { value }), expected });
    this.#ending = true;
    this.events.left(this);
    // Closing with bytes unread would make the system drop the reason before the client has it: read a little on.
    this.socket.setTimeout(LAST_WORD_MS, () => this.socket.destroy());
    this.socket.end();
    this.socket.resume();
  }

  /** Ends the connection; what was sent still goes out when the client takes it at once. */
  end(): void {
    this.#ending = true;
    // What this turn has gathered is sent, and not what the client has left unread.
    this.socket.uncork();
    if (this.socket.writableLength > 0) this.socket.destroy();
    else this.socket.destroySoon();
  }

  /** At once, also when it has not taken its last word. */
  destroy(): void {
    this.#ending = true;
    this.socket.destroy();
  }

  get #hasLine(): boolean {
    return this.#lines.hasLine || (this.#inputEnded && this.#lines.heldBytes > 0);
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

  #refuseLine(bytes: number): void {
    const { maxLineBytes } = this.limits;
    this.refuse('LINE_TOO_LONG', 'a line is too long; the connection ends', `at most ${maxLineBytes} bytes`, bytes);
  }

  #discard(bytes: number): void {
    this.#discardedBytes += bytes;
    if (this.#discardedBytes > this.limits.maxUnreadBytes) this.socket.destroy();
  }
}
