import { createServer, type Server, type Socket } from 'node:net';
import { Subject } from 'rxjs';
import { CopycatError } from '../errors/copycat-error.js';
import type { RefusalReason } from '../pair/effects.js';
import { type ConnectionEvents, type ConnectionLimits, TcpConnection } from './tcp-connection.js';
import { REFUSALS } from './tcp-refusals.js';
import { parseRequest, type RequestId, type TcpRequest } from './tcp-request.js';
import type { Arrival, Upstream } from './upstream.js';

export interface TcpUpstreamOptions extends Partial<ConnectionLimits> {
  /** 127.0.0.1 when not given: there is no password. */
  readonly host?: string;
  /** 0: any free one. */
  readonly port: number;
  /** Longest payload that the boards can take. */
  readonly maxPayloadBytes: number;
  readonly maxConnections?: number;
  /** Inputs without an answer in all, those of lost connections too; more are refused. */
  readonly maxWaiting?: number;
}

export interface TcpCounters {
  readonly connections: number;
  /** Of these, still there. */
  readonly open: number;
  readonly lines: number;
  readonly badLines: number;
  /** Clients cut off because they did not read their answers. */
  readonly cutOff: number;
  /** Connections that the system could not give us. */
  readonly notTaken: number;
  /** Inputs asked again while they were in work. */
  readonly askedAgain: number;
}

/** An input that has not been answered. */
interface Waiting {
  id: RequestId;
  readonly payload: Uint8Array;
  /** Where it was asked last; null when that connection is gone. */
  connection: TcpConnection | null;
  wantsAck: boolean;
  accepted: boolean;
}

const SOURCE = 'tcp';

export function createTcpUpstream(options: TcpUpstreamOptions): TcpUpstream {
  return new TcpUpstream(options);
}

/** Inputs as lines of JSON over TCP: `{id, payload}` in, `{id, payload, repeat?}` out. An id means the same input for ever (R23). */
export class TcpUpstream implements Upstream {
  readonly source = SOURCE;
  readonly #arrivals = new Subject<Arrival>();
  readonly arrivals = this.#arrivals.asObservable();
  readonly #waiting = new Map<string, Waiting>();
  readonly #connections = new Set<TcpConnection>();
  readonly #limits: ConnectionLimits;
  readonly #counts = { connections: 0, lines: 0, badLines: 0, cutOff: 0, notTaken: 0, askedAgain: 0 };
  readonly #server: Server;
  #paused = false;

  constructor(private readonly options: TcpUpstreamOptions) {
    const { maxLineBytes = 65_536, maxUnanswered = 256, maxUnreadBytes = 1_048_576 } = options;
    this.#limits = { maxLineBytes, maxUnanswered, maxUnreadBytes };
    // A client may end its side after its last line, and still gets its answers.
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#connected(socket));
  }

  get counters(): TcpCounters {
    return { ...this.#counts, open: this.#connections.size };
  }

  async start(): Promise<readonly string[]> {
    const { host = '127.0.0.1', port } = this.options;
    await new Promise<void>((resolve, reject) => {
      const refuse = (cause: Error): void =>
        reject(
          new CopycatError('UPSTREAM_UNAVAILABLE', `cannot listen on tcp://${host}:${port}: ${cause.message}`, {
            value: `tcp://${host}:${port}`,
            expected: 'an address of this machine and a port that nothing else uses',
            cause,
          }),
        );
      this.#server.once('error', refuse);
      this.#server.listen({ host, port }, () => {
        this.#server.off('error', refuse);
        // Later errors are of one connection that could not be taken (too many open files): its client tries again.
        this.#server.on('error', () => this.#counts.notTaken++);
        resolve();
      });
    });
    const address = this.#server.address();
    if (address === null || typeof address === 'string') return [];
    const shownHost = address.family === 'IPv6' ? `[${address.address}]` : address.address;
    return [`tcp://${shownHost}:${address.port}`];
  }

  async close(): Promise<void> {
    this.#paused = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const connection of this.#connections) connection.end();
    await closed;
    this.#arrivals.complete();
  }

  pauseIntake(): void {
    this.#paused = true;
    for (const connection of this.#connections) connection.proceed();
  }

  resumeIntake(): void {
    this.#paused = false;
    for (const connection of this.#connections) connection.proceed();
  }

  accepted(ref: string): void {
    const waiting = this.#waiting.get(ref);
    if (waiting === undefined) return;
    waiting.accepted = true;
    if (waiting.wantsAck) waiting.connection?.send({ id: waiting.id, accepted: true });
  }

  answer(ref: string, bodies: readonly Uint8Array[], repeat: boolean): boolean {
    return this.#settle(ref, (waiting) => {
      const parts = bodies.map((body) => Buffer.from(body).toString('hex'));
      return {
        id: waiting.id,
        payload: parts.join(''),
        ...(parts.length > 1 ? { parts } : {}),
        ...(repeat ? { repeat: true } : {}),
      };
    });
  }

  refuse(ref: string, reason: RefusalReason): void {
    this.#settle(ref, ({ id }) => ({ id, error: REFUSALS[reason] }));
  }

  /** The last word on an input, to whoever asked last. */
  #settle(ref: string, say: (waiting: Waiting) => object): boolean {
    const waiting = this.#waiting.get(ref);
    if (waiting === undefined) return false;
    this.#waiting.delete(ref);
    const { connection } = waiting;
    if (connection === null) return false;
    connection.unanswered.delete(ref);
    const sent = connection.send(say(waiting));
    connection.proceed();
    return sent;
  }

  #connected(socket: Socket): void {
    const events: ConnectionEvents = {
      line: (connection, line) => this.#line(connection, line),
      closed: (connection) => this.#closed(connection),
      isPaused: () => this.#paused,
    };
    const connection = new TcpConnection(socket, this.#limits, events);
    this.#connections.add(connection);
    this.#counts.connections++;
    const { maxConnections = 64 } = this.options;
    if (this.#connections.size > maxConnections) {
      connection.refuse('TOO_MANY_CONNECTIONS', 'too many connections', `at most ${maxConnections}`);
    } else {
      connection.proceed();
    }
  }

  #closed(connection: TcpConnection): void {
    this.#connections.delete(connection);
    if (connection.cutOff) this.#counts.cutOff++;
    // Still in work: whoever asks again under the same id gets the answer (R23).
    for (const ref of connection.unanswered) {
      const waiting = this.#waiting.get(ref);
      if (waiting?.connection === connection) waiting.connection = null;
    }
  }

  #line(connection: TcpConnection, line: string): void {
    this.#counts.lines++;
    const parsed = parseRequest(line, this.options.maxPayloadBytes);
    if (!parsed.ok) {
      this.#counts.badLines++;
      connection.sendError(parsed.error, parsed.id);
      return;
    }
    const { request } = parsed;
    const ref = `${SOURCE}:${request.id}`;
    const waiting = this.#waiting.get(ref);
    if (waiting === undefined) this.#ask(connection, ref, request);
    else this.#askAgain(connection, ref, request, waiting);
  }

  #ask(connection: TcpConnection, ref: string, { id, payload, ack }: TcpRequest): void {
    const { maxWaiting = 4096 } = this.options;
    if (this.#waiting.size >= maxWaiting) {
      connection.sendError(REFUSALS.full, id);
      return;
    }
    this.#waiting.set(ref, { id, payload, connection, wantsAck: ack, accepted: false });
    connection.unanswered.add(ref);
    this.#arrivals.next({ ref, kind: 'input', payload });
  }

  #askAgain(connection: TcpConnection, ref: string, request: TcpRequest, waiting: Waiting): void {
    if (Buffer.compare(waiting.payload, request.payload) !== 0) {
      this.#counts.badLines++;
      const value = Buffer.from(waiting.payload).toString('hex');
      const message = 'this id is in work with another payload';
      connection.sendError(
        { code: 'ID_IN_WORK', message, value, expected: 'an id of its own for each input' },
        request.id,
      );
      return;
    }
    this.#counts.askedAgain++;
    const before = waiting.connection;
    before?.unanswered.delete(ref);
    waiting.id = request.id;
    waiting.connection = connection;
    waiting.wantsAck = request.ack;
    connection.unanswered.add(ref);
    if (waiting.accepted && request.ack) connection.send({ id: request.id, accepted: true });
    if (before !== connection) before?.proceed();
  }
}
