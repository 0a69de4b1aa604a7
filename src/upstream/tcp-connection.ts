import type { Socket } from 'node:net';
import { LineBuffer } from './line-buffer.js';
import type { ErrorCode, RequestError, RequestId } from './tcp-request.js';

export interface ConnectionLimits {
  /** Longest line, in bytes; a longer one ends the connection. */
  readonly maxLineBytes: number;
  /** Inputs of one connection without an answer; more are not read until some are answered. */
  readonly maxUnanswered: number;
  /** Answers that the client has not read; beyond it is cut off. */
  readonly maxUnreadBytes: number;
}

export interface ConnectionEvents {
  line(connection: TcpConnection, line: string): void;
  closed(connection: TcpConnection): void;
  /** True while nobody may be read from. */
  readonly isPaused: () => boolean;
}

/** How long a client that was refused may take to hang up. */
const LAST_WORD_MS = 5000;

/** One client: lines in, JSON lines out, both bounded. */
export class TcpConnection {
  /** Refs that are to be answered here. */
  readonly unanswered = new Set<string>();
  /** True once it was ended because its client does not read. */
  cutOff = false;
  readonly #lines = new LineBuffer();
  /** Nothing more will be read, though answers may be owed. */
  #inputEnded = false;
  #ending = false;
  #proceeding = false;
  #discardedBytes = 0;

  constructor(
    private readonly socket: Socket,
    private readonly limits: ConnectionLimits,
    private readonly events: ConnectionEvents,
  ) {
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    socket.on('data', (chunk: Buffer) => {
      if (this.#ending) return this.#discard(chunk.length);
      this.#lines.push(chunk);
      this.proceed();
    });
    socket.on('end', () => {
      this.#inputEnded = true;
      this.proceed();
    });
    // A reset by the client is the world's: `close` follows and says all there is to know.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => events.closed(this));
  }

  /** Takes lines as long as it may, and reads on or stops reading. To be called when something has changed. */
  proceed(): void {
    // A line may be answered while it is being taken: the loop that takes it sees to the rest.
    if (this.#ending || this.#proceeding) return;
    this.#proceeding = true;
    this.#takeLines();
    this.#proceeding = false;
    if (this.#ending) return;
    if (this.#isBlocked()) this.socket.pause();
    else this.socket.resume();
  }

  #takeLines(): void {
    while (!this.#isBlocked()) {
      const line = this.#lines.next();
      if (line === null) {
        if (this.#lines.heldBytes > this.limits.maxLineBytes) this.#refuseLine(this.#lines.heldBytes);
        else if (this.#inputEnded) this.#takeRest();
        break;
      }
      if (line.length > this.limits.maxLineBytes) {
        this.#refuseLine(line.length);
        break;
      }
      this.#take(line);
    }
  }

  /** False when it did not reach the socket. */
  send(message: object): boolean {
    const { socket } = this;
    if (this.cutOff || socket.destroyed || !socket.writable) return false;
    socket.write(`${JSON.stringify(message)}\n`);
    if (socket.writableLength <= this.limits.maxUnreadBytes) return true;
    this.cutOff = true;
    this.#ending = true;
    socket.destroy();
    return false;
  }

  sendError(error: RequestError, id?: RequestId): boolean {
    return this.send(id === undefined ? { error } : { id, error });
  }

  /** Says why, then ends the connection. */
  refuse(code: ErrorCode, message: string, expected: string, value?: unknown): void {
    this.sendError({ code, message, ...(value === undefined ? {} : { value }), expected });
    this.#ending = true;
    // Closing with bytes unread would make the system drop the reason before the client has it: read a little on.
    this.socket.setTimeout(LAST_WORD_MS, () => this.socket.destroy());
    this.socket.end();
    this.socket.resume();
  }

  /** Ends the connection; what was sent still goes out when the client takes it at once. */
  end(): void {
    this.#ending = true;
    if (this.socket.writableLength > 0) this.socket.destroy();
    else this.socket.destroySoon();
  }

  #isBlocked(): boolean {
    return this.#ending || this.unanswered.size >= this.limits.maxUnanswered || this.events.isPaused();
  }

  #take(line: Buffer): void {
    const text = line.toString('utf8').trim();
    if (text !== '') this.events.line(this, text);
  }

  #takeRest(): void {
    this.#take(this.#lines.rest());
    if (this.unanswered.size > 0) return;
    this.#ending = true;
    this.socket.end();
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
