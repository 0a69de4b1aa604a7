import { connect, type Socket } from 'node:net';
import { heaterPayload } from '#built/model-board/heater-reference.js';

/** Clients that keep asking, over any number of lost connections, and write down what they were told. */

export interface ClientAnswer {
  readonly id?: string;
  readonly payload?: string;
  readonly repeat?: boolean;
  readonly error?: { readonly code: string };
}

export interface StormClientOptions {
  /** Of its ids: `name-1`, `name-2` …; no two clients have the same. */
  readonly name: string;
  /** Inputs without an answer that it keeps going; at least 1. */
  readonly inFlight: number;
  /** It asks for so many inputs and is then done; none given: until `stop`. */
  readonly inputs?: number;
  /** How long it waits after a FULL before it asks again; 0: not at all, as an impatient one does. */
  readonly retryAfterMs: number;
  /** Where to connect, asked each time: a gateway that is started anew may have another port. Null: nowhere at present. */
  readonly target: () => { readonly port: number; readonly host?: string } | { readonly path: string } | null;
  readonly payloadOf?: (number: number) => Uint8Array;
  /** Said first on each connection, such as `{"token":"…"}`. */
  readonly greeting?: string;
}

/** A lost connection is made anew after so long. */
const RECONNECT_MS = 20;

export class StormClient {
  /** The first answer to each id. */
  readonly answers = new Map<string, string>();
  /** Ids that were answered twice with different payloads: there must be none (R9, R23). */
  readonly contradictions: string[] = [];
  /** How often each code of an error came. */
  readonly errors = new Map<string, number>();
  connections = 0;
  repeats = 0;
  readonly #unanswered = new Map<string, string>();
  #asked = 0;
  #socket: Socket | null = null;
  #held = '';
  #isStopped = false;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(private readonly options: StormClientOptions) {
    this.#connect();
  }

  /** Ids that were asked and have no answer yet. */
  get unanswered(): readonly string[] {
    return [...this.#unanswered.keys()];
  }

  /** True when every input that it was to ask has an answer. */
  get isDone(): boolean {
    return this.#asked >= (this.options.inputs ?? Number.POSITIVE_INFINITY) && this.#unanswered.size === 0;
  }

  refusals(code: string): number {
    return this.errors.get(code) ?? 0;
  }

  /** Asks for nothing new; what is unanswered is still waited for. */
  stopAsking(): void {
    this.#isStopped = true;
  }

  close(): void {
    this.#isStopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    const socket = this.#socket;
    this.#socket = null;
    socket?.destroy();
  }

  #connect(): void {
    const target = this.options.target();
    if (target === null) return this.#later(RECONNECT_MS, () => this.#connect());
    const socket = connect({ host: '127.0.0.1', ...target });
    this.#socket = socket;
    this.#held = '';
    socket.setNoDelay(true);
    socket.on('error', () => undefined); // a gateway that is killed resets: `close` follows
    socket.once('connect', () => {
      this.connections++;
      if (this.options.greeting !== undefined) socket.write(`${this.options.greeting}\n`);
      // R23: under their old ids, so that none is carried out twice.
      socket.write([...this.#unanswered.values()].join(''));
      this.#askOn();
    });
    socket.on('data', (chunk: Buffer) => {
      const lines = (this.#held + chunk.toString()).split('\n');
      this.#held = lines.pop() ?? '';
      for (const line of lines) this.#heard(JSON.parse(line) as ClientAnswer);
      this.#askOn();
    });
    socket.on('close', () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#later(RECONNECT_MS, () => this.#connect());
    });
  }

  #heard({ id, payload, repeat, error }: ClientAnswer): void {
    if (error !== undefined) {
      this.errors.set(error.code, (this.errors.get(error.code) ?? 0) + 1);
      const line = id === undefined ? undefined : this.#unanswered.get(id);
      if (line === undefined) return;
      const again = (): void => {
        this.#socket?.write(line);
      };
      if (this.options.retryAfterMs === 0) again();
      else this.#later(this.options.retryAfterMs, again);
      return;
    }
    if (id === undefined || payload === undefined) return;
    if (repeat === true) this.repeats++;
    const before = this.answers.get(id);
    if (before !== undefined && before !== payload) this.contradictions.push(id);
    this.answers.set(id, before ?? payload);
    this.#unanswered.delete(id);
  }

  #askOn(): void {
    const { name, inFlight, inputs = Number.POSITIVE_INFINITY, payloadOf = payloadNumbered } = this.options;
    const lines: string[] = [];
    while (!this.#isStopped && this.#unanswered.size < inFlight && this.#asked < inputs) {
      this.#asked++;
      const id = `${name}-${this.#asked}`;
      const line = `${JSON.stringify({ id, payload: Buffer.from(payloadOf(this.#asked)).toString('hex') })}\n`;
      this.#unanswered.set(id, line);
      lines.push(line);
    }
    if (lines.length > 0) this.#socket?.write(lines.join(''));
  }

  #later(ms: number, then: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      then();
    }, ms);
    this.#timers.add(timer);
  }
}

/** What the heater understands, different from one input to the next. */
const payloadNumbered = (number: number): Uint8Array => heaterPayload(960 + (number % 60), 640);
