import { isUtf8 } from 'node:buffer';
import { Subject } from 'rxjs';
import type { Clock } from '../../clock/clock.js';
import type { RefusalReason } from '../../pair/state/effects.js';
import { Token } from '../../private-files/token.js';
import { reasonText } from '../../values/rejection.js';
import type { ClientCounts } from '../client-counts.js';
import type { ClientConnection } from '../clients/client-connection.js';
import { ClientSet } from '../clients/client-set.js';
import { type Line, LineCutter } from '../clients/line-cutter.js';
import type { IntakeTurns } from '../intake-turns.js';
import type { Transport } from '../transport/transport.js';
import type { Arrival, Upstream } from '../upstream.js';
import { REFUSALS } from './json-refusals.js';
import {
  type ErrorCode,
  type JsonRequest,
  parseRequest,
  type RequestError,
  type RequestId,
  tokenIn,
} from './json-request.js';

export interface JsonLinesUpstreamOptions {
  readonly transport: Transport;
  /** Holds the token that the first line of each connection has to give; null: none is asked for. */
  readonly tokenFile?: string | null;
  /** Longest payload that the boards can take. */
  readonly maxPayloadBytes: number;
  /** A longer line ends the connection. */
  readonly maxLineBytes?: number;
  /** Answers that a client has not read; beyond it is cut off. */
  readonly maxUnreadBytes?: number;
  readonly maxConnections?: number;
  readonly clock: Clock;
  /** How many inputs may be in work, those of lost connections and of other upstreams too. */
  readonly turns: IntakeTurns;
}

type Client = ClientConnection<Line>;

/** An input that has not been answered. */
interface Waiting {
  id: RequestId;
  readonly payload: Uint8Array;
  /** Where it was asked last; null when that connection is gone. */
  connection: Client | null;
  wantsAck: boolean;
  accepted: boolean;
}

/** Part of every ref in the ledgers that there are: it stays what it is, whatever carries the lines. */
const SOURCE = 'tcp';

export function createJsonLinesUpstream(options: JsonLinesUpstreamOptions): JsonLinesUpstream {
  return new JsonLinesUpstream(options);
}

/** Inputs as lines of JSON: `{id, payload}` in, `{id, payload, repeat?, rejected?}` out. An id means the same input for ever (R23). */
export class JsonLinesUpstream implements Upstream {
  readonly source = SOURCE;
  readonly #arrivals = new Subject<Arrival>();
  readonly arrivals = this.#arrivals.asObservable();
  readonly #waiting = new Map<string, Waiting>();
  readonly #clients: ClientSet<Line>;
  readonly #turns: IntakeTurns;
  /** Those that have said a first line, and the right one. */
  readonly #greeted = new WeakSet<Client>();
  readonly #maxLineBytes: number;
  #token: Token | null = null;

  constructor(private readonly options: JsonLinesUpstreamOptions) {
    const { transport, clock, turns, maxLineBytes = 8192, maxUnreadBytes = 262_144, maxConnections = 64 } = options;
    this.#maxLineBytes = maxLineBytes;
    this.#turns = turns;
    this.#clients = new ClientSet<Line>({
      ...{ transport, clock, turns, maxConnections, maxUnreadBytes },
      newCutter: () => new LineCutter(maxLineBytes),
      events: {
        request: (connection, line) => this.#take(connection, line),
        tooMany: (connection) => {
          const expected = `at most ${maxConnections}, of which one has nothing in work`;
          sendError(connection, { code: 'TOO_MANY_CONNECTIONS', message: 'too many connections', expected });
        },
        gaveWay: (connection) => {
          const message = 'this connection was idle longest and gives way to a new one';
          const expected = `at most ${maxConnections} connections; connect again when there is work`;
          sendError(connection, { code: 'GAVE_WAY', message, expected });
        },
        gone: (connection) => this.#forget(connection),
      },
    });
  }

  get clients(): ClientCounts {
    return this.#clients.summary;
  }

  async start(): Promise<readonly string[]> {
    const { tokenFile = null } = this.options;
    this.#token = tokenFile === null ? null : Token.read(tokenFile);
    return [await this.#clients.open()];
  }

  async close(): Promise<void> {
    await this.#clients.close();
    this.#turns.close();
    this.#arrivals.complete();
  }

  pauseIntake(): void {
    this.#clients.pause();
  }

  resumeIntake(): void {
    this.#clients.resume();
  }

  accepted(ref: string): void {
    const waiting = this.#waiting.get(ref);
    if (waiting === undefined) return;
    waiting.accepted = true;
    if (waiting.wantsAck && waiting.connection !== null) say(waiting.connection, { id: waiting.id, accepted: true });
  }

  answer(ref: string, bodies: readonly Uint8Array[], repeat: boolean, rejected: boolean): boolean {
    const wasTaken = this.#settle(ref, (connection, { id }) => {
      const parts = bodies.map((body) => Buffer.from(body).toString('hex'));
      return say(connection, {
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
    this.#clients.counts.refusedInputs++;
    this.#settle(ref, (connection, { id }) => sendError(connection, REFUSALS[reason], id));
    this.#turns.give();
  }

  /** The last word on an input, to whoever asked last. */
  #settle(ref: string, tell: (connection: Client, waiting: Waiting) => boolean): boolean {
    const waiting = this.#waiting.get(ref);
    if (waiting === undefined) return false;
    this.#waiting.delete(ref);
    this.#turns.ended();
    const { connection } = waiting;
    if (connection === null) return false;
    connection.unanswered.delete(ref);
    const wasSent = tell(connection, waiting);
    connection.proceed();
    return wasSent;
  }

  /** Still in work is what it asked: whoever asks again under the same id gets the answer (R23). */
  #forget(connection: Client): void {
    for (const ref of connection.unanswered) {
      const waiting = this.#waiting.get(ref);
      if (waiting?.connection === connection) waiting.connection = null;
    }
  }

  #take(connection: Client, line: Line): void {
    if (line.isTooLong) {
      const message = 'a line is too long; the connection ends';
      const expected = `at most ${this.#maxLineBytes} bytes`;
      return refuse(connection, 'LINE_TOO_LONG', message, expected, line.byteCount);
    }
    const text = line.bytes.toString('utf8').trim();
    if (text !== '') this.#line(connection, text, isUtf8(line.bytes));
  }

  #line(connection: Client, line: string, isUtf8: boolean): void {
    this.#clients.counts.lines++;
    if (this.#token !== null && !this.#greeted.has(connection))
      return this.#beginHandshake(connection, line, this.#token);
    const parsed = parseRequest(line, this.options.maxPayloadBytes, isUtf8);
    if (!parsed.ok && parsed.error.code === 'BAD_JSON' && !this.#greeted.has(connection)) {
      this.#clients.counts.badLines++;
      // A browser that was told to, for one: its body could hold a request.
      const message = 'the first line is no JSON, so this is not for here; the connection ends';
      return refuse(connection, 'BAD_JSON', message, parsed.error.expected);
    }
    this.#greeted.add(connection);
    if (!parsed.ok) {
      this.#clients.counts.badLines++;
      sendError(connection, parsed.error, parsed.id);
      return;
    }
    const { request } = parsed;
    const ref = refOf(request.id);
    const waiting = this.#waiting.get(ref);
    if (waiting === undefined) this.#ask(connection, ref, request);
    else this.#askAgain(connection, ref, request, waiting);
  }

  /** Nothing of what it says is looked at before it has given the token. */
  #beginHandshake(connection: Client, line: string, token: Token): void {
    const said = tokenIn(line);
    if (said !== null && token.equals(said)) {
      this.#greeted.add(connection);
      return;
    }
    this.#clients.counts.badLines++;
    const expected = 'a first line such as {"token": "…"}, with what is in the token file of the gateway';
    if (said === null) refuse(connection, 'NO_TOKEN', 'there is no token; the connection ends', expected);
    else refuse(connection, 'BAD_TOKEN', 'this is not the token; the connection ends', expected);
  }

  #ask(connection: Client, ref: string, { id, payload, ack }: JsonRequest): void {
    this.#waiting.set(ref, { id, payload, connection, wantsAck: ack, accepted: false });
    connection.unanswered.add(ref);
    connection.hasWorked = true;
    this.#turns.begun();
    this.#arrivals.next({ ref, kind: 'input', payload });
  }

  #askAgain(connection: Client, ref: string, request: JsonRequest, waiting: Waiting): void {
    if (Buffer.compare(waiting.payload, request.payload) !== 0) {
      this.#clients.counts.badLines++;
      const value = Buffer.from(waiting.payload).toString('hex');
      const message = 'this id is in work with another payload';
      sendError(
        connection,
        { code: 'ID_IN_WORK', message, value, expected: 'an id of its own for each input' },
        request.id,
      );
      return;
    }
    this.#clients.counts.askedAgain++;
    connection.broughtNothing();
    const before = waiting.connection;
    before?.unanswered.delete(ref);
    waiting.id = request.id;
    waiting.connection = connection;
    waiting.wantsAck = request.ack;
    connection.unanswered.add(ref);
    if (waiting.accepted && request.ack) say(connection, { id: request.id, accepted: true });
    if (before !== connection) before?.proceed();
  }
}

/** The number 1 and the text "1" are two ids. */
function refOf(id: RequestId): string {
  const isAmbiguous = typeof id === 'string' && /^(-?\d+$|")/.test(id);
  return `${SOURCE}:${isAmbiguous ? JSON.stringify(id) : id}`;
}

/** False when it did not reach the client. */
function say(connection: Client, message: object): boolean {
  return connection.send(`${JSON.stringify(message)}\n`);
}

function sendError(connection: Client, error: RequestError, id?: RequestId): boolean {
  connection.broughtNothing();
  return say(connection, id === undefined ? { error } : { id, error });
}

/** Says why, then ends the connection. */
function refuse(connection: Client, code: ErrorCode, message: string, expected: string, value?: unknown): void {
  sendError(connection, { code, message, ...(value === undefined ? {} : { value }), expected });
  connection.leave();
}
