import { createServer, type Server, type Socket } from 'node:net';
import { Subject } from 'rxjs';
import type { Clock } from '../clock/clock.js';
import { CopycatError } from '../errors/copycat-error.js';
import type { RefusalReason } from '../pair/effects.js';
import { type ClientCounts, NO_CLIENTS } from './client-counts.js';
import type { IntakeTurns } from './intake-turns.js';
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
  readonly clock: Clock;
  /** How many inputs may be in work, those of lost connections and of other upstreams too. */
  readonly turns: IntakeTurns;
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
  /** Told why they end, and not gone yet. Bounded like the others: the oldest does not get its last word. */
  readonly #leaving = new Set<TcpConnection>();
  readonly #limits: ConnectionLimits;
  readonly #maxConnections: number;
  readonly #counts = { ...NO_CLIENTS };
  readonly #server: Server;
  readonly #turns: IntakeTurns;
  #paused = false;

  constructor(private readonly options: TcpUpstreamOptions) {
    const { maxLineBytes = 8192, maxUnreadBytes = 262_144, maxConnections = 64 } = options;
    this.#limits = { maxLineBytes, maxUnreadBytes };
    this.#maxConnections = maxConnections;
    this.#turns = options.turns;
    // A client may end its side after its last line, and still gets its answers.
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#connected(socket));
  }

  get clients(): ClientCounts {
    return { ...this.#counts, open: this.#connections.size, most: this.#maxConnections };
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
    for (const connection of [...this.#connections, ...this.#leaving]) connection.end();
    await closed;
    this.#turns.close();
    this.#arrivals.complete();
  }

  pauseIntake(): void {
    this.#paused = true;
    for (const connection of this.#connections) connection.proceed();
  }

  resumeIntake(): void {
    this.#paused = false;
    this.#turns.give();
    for (const connection of this.#connections) connection.proceed();
  }

  accepted(ref: string): void {
    const waiting = this.#waiting.get(ref);
    if (waiting === undefined) return;
    waiting.accepted = true;
    if (waiting.wantsAck) waiting.connection?.send({ id: waiting.id, accepted: true });
  }

  answer(ref: string, bodies: readonly Uint8Array[], repeat: boolean): boolean {
    const wasTaken = this.#settle(ref, (connection, { id }) => {
      const parts = bodies.map((body) => Buffer.from(body).toString('hex'));
      return connection.send({
        ...{ id, payload: parts.join('') },
        ...(parts.length > 1 ? { parts } : {}),
        ...(repeat ? { repeat: true } : {}),
      });
    });
    this.#turns.pairHasRoom();
    return wasTaken;
  }

  refuse(ref: string, reason: RefusalReason): void {
    if (reason === 'full') this.#turns.pairIsFull();
    this.#counts.refusedInputs++;
    this.#settle(ref, (connection, { id }) => connection.sendError(REFUSALS[reason], id));
    this.#turns.give();
  }

  /** The last word on an input, to whoever asked last. */
  #settle(ref: string, say: (connection: TcpConnection, waiting: Waiting) => boolean): boolean {
    const waiting = this.#waiting.get(ref);
    if (waiting === undefined) return false;
    this.#waiting.delete(ref);
    this.#turns.ended();
    const { connection } = waiting;
    if (connection === null) return false;
    connection.unanswered.delete(ref);
    const wasSent = say(connection, waiting);
    connection.proceed();
    return wasSent;
  }

  #connected(socket: Socket): void {
    const events: ConnectionEvents = {
      line: (connection, line) => this.#line(connection, line),
      ready: () => this.#turns.give(),
      left: (connection) => this.#left(connection),
      closed: (connection) => this.#closed(connection),
      isPaused: () => this.#paused,
    };
    const connection = new TcpConnection(socket, this.options.clock, this.#limits, events);
    this.#counts.connections++;
    if (this.#connections.size >= this.#maxConnections && !this.#makeRoom()) {
      this.#counts.refusedConnections++;
      const expected = `at most ${this.#maxConnections}, of which one has nothing in work`;
      connection.refuse('TOO_MANY_CONNECTIONS', 'too many connections', expected);
      return;
    }
    this.#connections.add(connection);
    this.#turns.add(connection);
    connection.proceed();
  }

  /**
   * R32: silent connections lock nobody out. Who owes nothing and has been idle longest gives way, and one that has never
   * given work before one that has. False: all are at work.
   */
  #makeRoom(): boolean {
    let idle: TcpConnection | null = null;
    for (const connection of this.#connections) {
      if (connection.owesNothing && (idle === null || isLessUseful(connection, idle))) idle = connection;
    }
    if (idle === null) return false;
    this.#counts.gaveWay++;
    const message = 'this connection was idle longest and gives way to a new one';
    idle.refuse('GAVE_WAY', message, `at most ${this.#maxConnections} connections; connect again when there is work`);
    return true;
  }

  #left(connection: TcpConnection): void {
    this.#forget(connection);
    this.#leaving.add(connection);
    if (this.#leaving.size <= this.#maxConnections) return;
    for (const oldest of this.#leaving) return oldest.destroy();
  }

  #closed(connection: TcpConnection): void {
    this.#leaving.delete(connection);
    if (connection.cutOff) this.#counts.cutOff++;
    this.#forget(connection);
  }

  /** Still in work is what it asked: whoever asks again under the same id gets the answer (R23). */
  #forget(connection: TcpConnection): void {
    this.#connections.delete(connection);
    this.#turns.remove(connection);
    for (const ref of connection.unanswered) {
      const waiting = this.#waiting.get(ref);
      if (waiting?.connection === connection) waiting.connection = null;
    }
    connection.unanswered.clear();
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
    this.#waiting.set(ref, { id, payload, connection, wantsAck: ack, accepted: false });
    connection.unanswered.add(ref);
    connection.hasWorked = true;
    this.#turns.begun();
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
    connection.broughtNothing();
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

function isLessUseful(one: TcpConnection, other: TcpConnection): boolean {
  if (one.hasWorked !== other.hasWorked) return other.hasWorked;
  return one.idleSinceUs < other.idleSinceUs;
}
