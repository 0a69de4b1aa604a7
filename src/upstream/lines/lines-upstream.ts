import type { Clock } from '../../clock/clock.js';
import type { RefusalReason } from '../../pair/state/effects.js';
import type { ClientCounts } from '../client-counts.js';
import { AskedInputs } from '../clients/asked-inputs.js';
import type { ClientConnection } from '../clients/client-connection.js';
import { ClientSet } from '../clients/client-set.js';
import type { Line } from '../clients/line-cutter.js';
import type { IntakeTurns } from '../intake-turns.js';
import type { Transport } from '../transport/transport.js';
import type { Upstream } from '../upstream.js';
import type { LineRefusal } from './line-refusals.js';
import { type TypedLines, typedLines } from './typed-lines.js';

export interface LinesUpstreamOptions {
  readonly transport: Transport;
  /** Longest line, without its end. */
  readonly maxLineBytes: number;
  /** What ends a line to the board, and so those of clients that were made for it; left out: a line feed. */
  readonly lineEnd?: Uint8Array;
  /** What the protocol says to a line that is not taken, its end included; null: nothing. */
  readonly refusal?: (reason: LineRefusal) => Uint8Array | null;
  /** What is said to a client that has just come, as by a board that restarts when its port is opened; null: nothing yet. Asked when it is due. */
  readonly greeting?: (() => Uint8Array | null) | null;
  /** Whether a line of nothing is one: whoever shows a prompt shows it again, and other boards, asked so, might never answer. */
  readonly takesEmptyLines?: boolean;
  readonly maxConnections?: number;
  readonly clock: Clock;
  /** How many inputs may be in work, those of lost connections and of other upstreams too. */
  readonly turns: IntakeTurns;
  /** Never the same twice: refs are named once for ever (R23). */
  readonly runId: string;
}

type Client = ClientConnection<Line>;

const SOURCE = 'lines';
/** Clients throw away what is there when they open a port. */
const GREETING_AFTER_US = 300_000;
const MAX_UNREAD_BYTES = 262_144;
const LINE_FEED = Uint8Array.of(10);

export function createLinesUpstream(options: LinesUpstreamOptions): LinesUpstream {
  return new LinesUpstream(options);
}

/** Lines as the board itself takes them: each is an input, and its answer is the board's, byte by byte. They have no names, so nothing is asked again (R23). */
export class LinesUpstream implements Upstream {
  readonly source = SOURCE;
  readonly #clients: ClientSet<Line>;
  readonly #asked: AskedInputs<Line, null>;
  readonly arrivals;
  readonly #lines: TypedLines;
  /** Greetings that are still to be given. */
  readonly #greetings = new Map<Client, () => void>();

  constructor(private readonly options: LinesUpstreamOptions) {
    const { transport, clock, turns, runId, maxLineBytes, lineEnd = LINE_FEED, maxConnections = 64 } = options;
    this.#lines = typedLines(lineEnd, maxLineBytes);
    this.#asked = new AskedInputs(SOURCE, runId, turns);
    this.arrivals = this.#asked.arrivals;
    this.#clients = new ClientSet<Line>({
      ...{ transport, clock, turns, maxConnections, maxUnreadBytes: MAX_UNREAD_BYTES },
      newCutter: () => this.#lines.newCutter(),
      events: {
        came: (client) => this.#greetLater(client),
        request: (client, line) => this.#take(client, line),
        // There is no word for either: the connection ends.
        tooMany: () => undefined,
        gaveWay: () => undefined,
        gone: (client) => this.#gone(client),
      },
    });
  }

  get clients(): ClientCounts {
    return this.#clients.summary;
  }

  async start(): Promise<readonly string[]> {
    return [`${await this.#clients.open()} (lines)`];
  }

  async close(): Promise<void> {
    await this.#clients.close();
    this.options.turns.close();
    this.#asked.close();
  }

  pauseIntake(): void {
    this.#clients.pause();
  }

  resumeIntake(): void {
    this.#clients.resume();
  }

  accepted(): void {
    // A line has no word for it.
  }

  /** True always: a client that has gone never asks for this answer again. */
  isOwn(ref: string): boolean {
    return ref.startsWith(`${SOURCE}:${this.options.runId}:`);
  }

  answer(ref: string, bodies: readonly Uint8Array[]): boolean {
    this.#asked.settle(ref, (client) => {
      for (const body of bodies) client.send(body);
    });
    this.options.turns.pairHasRoom();
    return true;
  }

  refuse(ref: string, reason: RefusalReason): void {
    const { turns } = this.options;
    if (reason === 'full') turns.pairIsFull();
    this.#clients.counts.refusedInputs++;
    this.#asked.settle(ref, (client) => this.#sayRefusal(client, reason));
    turns.give();
  }

  passOn(body: Uint8Array): void {
    for (const client of this.#clients.connections) client.send(body);
  }

  #take(client: Client, line: Line): void {
    const { counts } = this.#clients;
    const { maxLineBytes, takesEmptyLines = false } = this.options;
    counts.lines++;
    const payload = line.isTooLong ? null : this.#lines.withoutEnd(line.bytes);
    if (payload === null || payload.length > maxLineBytes) {
      counts.badLines++;
      client.broughtNothing();
      return this.#sayRefusal(client, 'too-long');
    }
    if (payload.length > 0 || takesEmptyLines) this.#asked.ask(client, Uint8Array.from(payload), null);
  }

  #sayRefusal(client: Client, reason: LineRefusal): void {
    const words = this.options.refusal?.(reason) ?? null;
    if (words !== null) client.send(words);
  }

  #greetLater(client: Client): void {
    const { clock, greeting = null } = this.options;
    if (greeting === null) return;
    const cancel = clock.alarm(clock.nowUs() + GREETING_AFTER_US, () => {
      this.#greetings.delete(client);
      const said = greeting();
      if (said !== null) client.send(said);
    });
    this.#greetings.set(client, cancel);
  }

  #gone(client: Client): void {
    this.#greetings.get(client)?.();
    this.#greetings.delete(client);
    this.#asked.gone(client);
  }
}
