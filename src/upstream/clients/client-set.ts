import type { Duplex } from 'node:stream';
import type { Clock } from '../../clock/clock.js';
import { type ClientCounts, NO_CLIENTS } from '../client-counts.js';
import type { IntakeTurns } from '../intake-turns.js';
import type { Transport } from '../transport/transport.js';
import { ClientConnection, type ConnectionEvents } from './client-connection.js';
import type { RequestCutter } from './request-cutter.js';

export interface ClientSetOptions<Request> {
  readonly transport: Transport;
  /** For each client one of its own. */
  readonly newCutter: () => RequestCutter<Request>;
  readonly maxConnections: number;
  /** Answers that a client has not read; beyond it is cut off. */
  readonly maxUnreadBytes: number;
  readonly clock: Clock;
  /** How many inputs may be in work, those of lost connections and of other upstreams too. */
  readonly turns: IntakeTurns;
  readonly events: ClientSetEvents<Request>;
}

export interface ClientSetEvents<Request> {
  /** `cutter`: its own. */
  came?(connection: ClientConnection<Request>, cutter: RequestCutter<Request>): void;
  request(connection: ClientConnection<Request>, request: Request): void;
  /** All others are at work: it is to be told so, and ends. */
  tooMany(connection: ClientConnection<Request>): void;
  /** It was idle longest and ends, so that another may come: it is to be told so. */
  gaveWay(connection: ClientConnection<Request>): void;
  /** What it has asked is in work without it now. */
  gone(connection: ClientConnection<Request>): void;
}

/** The clients of one upstream: who may stay, who gives way, and how many there were. */
export class ClientSet<Request> {
  /** Added to by whoever knows what a request is. */
  readonly counts: { -readonly [Name in keyof ClientCounts]: ClientCounts[Name] } = { ...NO_CLIENTS };
  readonly #connections = new Set<ClientConnection<Request>>();
  /** Told why they end, and not gone yet. Bounded like the others: the oldest does not get its last word. */
  readonly #leaving = new Set<ClientConnection<Request>>();
  #paused = false;

  constructor(private readonly options: ClientSetOptions<Request>) {}

  get summary(): ClientCounts {
    return { ...this.counts, open: this.#connections.size, most: this.options.maxConnections };
  }

  /** Every client that is there. */
  get connections(): Iterable<ClientConnection<Request>> {
    return this.#connections;
  }

  async open(): Promise<string> {
    return await this.options.transport.open({
      came: (client) => this.#came(client),
      turnedAway: () => {
        this.counts.connections++;
        this.counts.refusedConnections++;
      },
      notTaken: () => {
        this.counts.notTaken++;
      },
    });
  }

  async close(): Promise<void> {
    this.#paused = true;
    const closed = this.options.transport.close();
    for (const connection of [...this.#connections, ...this.#leaving]) connection.end();
    await closed;
  }

  pause(): void {
    this.#paused = true;
    for (const connection of this.#connections) connection.proceed();
  }

  resume(): void {
    this.#paused = false;
    this.options.turns.give();
    for (const connection of this.#connections) connection.proceed();
  }

  #came(client: Duplex): void {
    const { options } = this;
    const events: ConnectionEvents<Request> = {
      request: (connection, request) => options.events.request(connection, request),
      ready: () => options.turns.give(),
      left: (connection) => this.#left(connection),
      closed: (connection) => this.#closed(connection),
      isPaused: () => this.#paused,
    };
    const cutter = options.newCutter();
    const connection = new ClientConnection(client, cutter, options.clock, options.maxUnreadBytes, events);
    this.counts.connections++;
    if (this.#connections.size >= options.maxConnections && !this.#makeRoom()) {
      this.counts.refusedConnections++;
      options.events.tooMany(connection);
      connection.leave();
      return;
    }
    this.#connections.add(connection);
    options.turns.add(connection);
    options.events.came?.(connection, cutter);
    connection.proceed();
  }

  /**
   * R32: silent connections lock nobody out. Who owes nothing and has been idle longest gives way, and one that has never
   * given work before one that has. False: all are at work.
   */
  #makeRoom(): boolean {
    let idle: ClientConnection<Request> | null = null;
    for (const connection of this.#connections) {
      if (connection.owesNothing && (idle === null || isLessUseful(connection, idle))) idle = connection;
    }
    if (idle === null) return false;
    this.counts.gaveWay++;
    this.options.events.gaveWay(idle);
    idle.leave();
    return true;
  }

  #left(connection: ClientConnection<Request>): void {
    this.#forget(connection);
    this.#leaving.add(connection);
    if (this.#leaving.size <= this.options.maxConnections) return;
    for (const oldest of this.#leaving) return oldest.destroy();
  }

  #closed(connection: ClientConnection<Request>): void {
    this.#leaving.delete(connection);
    if (connection.cutOff) this.counts.cutOff++;
    this.#forget(connection);
  }

  #forget(connection: ClientConnection<Request>): void {
    this.#connections.delete(connection);
    this.options.turns.remove(connection);
    this.options.events.gone(connection);
    connection.unanswered.clear();
  }
}

type Usefulness = Pick<ClientConnection<unknown>, 'hasWorked' | 'idleSinceUs'>;

function isLessUseful(one: Usefulness, other: Usefulness): boolean {
  if (one.hasWorked !== other.hasWorked) return other.hasWorked;
  return one.idleSinceUs < other.idleSinceUs;
}
