import { createServer, type Server, type Socket } from 'node:net';
import { Subject } from 'rxjs';
import type { Clock } from '../../clock/clock.js';
import type { RefusalReason } from '../../pair/state/effects.js';
import { reasonText } from '../../values/rejection.js';
import { type ClientCounts, NO_CLIENTS } from '../client-counts.js';
import type { IntakeTurns } from '../intake-turns.js';
import type { Arrival, Upstream } from '../upstream.js';
import { AllowedAddresses } from './allowed-addresses.js';
import { type ListenAddress, listenAt } from './listen-at.js';
import { type ConnectionEvents, type ConnectionLimits, TcpConnection } from './tcp-connection.js';
import { REFUSALS } from './tcp-refusals.js';
import { parseRequest, type RequestId, type TcpRequest, tokenIn } from './tcp-request.js';
import { Token } from './token.js';

export interface TcpUpstreamOptions extends Partial<ConnectionLimits> {
  readonly address: ListenAddress;
  /** Holds the token that the first line of each connection has to give; null: none is asked for. */
  readonly tokenFile?: string | null;
  /** Who may connect: addresses and networks; empty: everybody who can reach it. */
  readonly allow?: readonly string[];
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

/** Inputs as lines of JSON over TCP or a Unix socket: `{id, payload}` in, `{id, payload, repeat?, rejected?}` out. An id means the same input for ever (R23). */
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
  readonly #allowed: AllowedAddresses;
  #token: Token | null = null;
  #paused = false;

  constructor(private readonly options: TcpUpstreamOptions) {
    const { maxLineBytes = 8192, maxUnreadBytes = 262_144, maxConnections = 64 } = options;
    this.#limits = { maxLineBytes, maxUnreadBytes };
    this.#maxConnections = maxConnections;
    this.#turns = options.turns;
    this.#allowed = new AllowedAddresses(options.allow ?? []);
    // A client may end its side after its last line, and still gets its answers.
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#connected(socket));
  }

  get clients(): ClientCounts {
    return { ...this.#counts, open: this.#connections.size, most: this.#maxConnections };
  }

  async start(): Promise<readonly string[]> {
    const { address, tokenFile = null } = this.options;
    this.#token = tokenFile === null ? null : Token.read(tokenFile);
    const where = await listenAt(this.#server, address);
    // Later errors are of one connection that could not be taken (too many open files): its client tries again.
    this.#server.on('error', () => this.#counts.notTaken++);
    return [where];
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

  answer(ref: string, bodies: readonly Uint8Array[], repeat: boolean, rejected: boolean): boolean {
    const wasTaken = this.#settle(ref, (connection, { id }) => {
      const parts = bodies.map((body) => Buffer.from(body).toString('hex'));
      return connection.send({
        ...{ id, payload: parts.join('') },
        ...(parts.length > 1 ? { parts } : {}),
        ...(repeat ? { repeat: true } : {}),
        // Whoever knows nothing of it reads the payload as before.
        ...(rejected ? { rejected: true, reason: reasonText(bodies) } : {}),
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
    if (!this.#allowed.allows(socket.remoteAddress)) {
      this.#counts.connections++;
      this.#counts.refusedConnections++;
      socket.destroy();
      return;
    }
    const events: ConnectionEvents = {
      line: (connection, line, isUtf8) => this.#line(connection, line, isUtf8),
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

  #line(connection: TcpConnection, line: string, isUtf8: boolean): void {
    this.#counts.lines++;
    if (this.#token !== null && !connection.isGreeted) return this.#beginHandshake(connection, line, this.#token);
    const parsed = parseRequest(line, this.options.maxPayloadBytes, isUtf8);
    if (!parsed.ok && parsed.error.code === 'BAD_JSON' && !connection.isGreeted) {
      this.#counts.badLines++;
      // A browser that was told to, for one: its body could hold a request.
      const message = 'the first line is no JSON, so this is not for here; the connection ends';
      return connection.refuse('BAD_JSON', message, parsed.error.expected);
    }
    connection.isGreeted = true;
    if (!parsed.ok) {
      this.#counts.badLines++;
      connection.sendError(parsed.error, parsed.id);
      return;
    }
    const { request } = parsed;
    const ref = refOf(request.id);
    const waiting = this.#waiting.get(ref);
    if (waiting === undefined) this.#ask(connection, ref, request);
    else this.#askAgain(connection, ref, request, waiting);
  }

  /** Nothing of what it says is looked at before it has given the token. */
  #beginHandshake(connection: TcpConnection, line: string, token: Token): void {
    const said = tokenIn(line);
    if (said !== null && token.equals(said)) {
      connection.isGreeted = true;
      return;
    }
    this.#counts.badLines++;
    const expected = 'a first line such as {"token": "…"}, with what is in the token file of the gateway';
    if (said === null) connection.refuse('NO_TOKEN', 'there is no token; the connection ends', expected);
    else connection.refuse('BAD_TOKEN', 'this is not the token; the connection ends', expected);
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

/** The number 1 and the text "1" are two ids. */
function refOf(id: RequestId): string {
  const isAmbiguous = typeof id === 'string' && /^(-?\d+$|")/.test(id);
  return `${SOURCE}:${isAmbiguous ? JSON.stringify(id) : id}`;
}

function isLessUseful(one: TcpConnection, other: TcpConnection): boolean {
  if (one.hasWorked !== other.hasWorked) return other.hasWorked;
  return one.idleSinceUs < other.idleSinceUs;
}
