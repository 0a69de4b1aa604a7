import { connect, type Socket } from 'node:net';
import type { SeededRandom } from '../../../src/random/seeded-random.js';

/** The first part of a heater's answer: duty, trip, integrator (u32, little-endian). */
const INTEGRATOR_AT = 4;
const POLITE_WAITS_MS = 20;

/** One answer as a client got it. */
export interface Answer {
  /** What the boards have added up: it grows by each input's own step, so that it tells the order of all executions. */
  readonly sum: number;
  readonly repeat: boolean;
  /** Number of the gateway's life in which it came. */
  readonly life: number;
}

/** An input as its client remembers it: its own record, which it keeps whatever becomes of the gateway. */
export interface Sent {
  readonly id: string;
  readonly step: number;
  readonly answers: Answer[];
  /** RESULT_LOST was said. */
  lost: boolean;
}

interface Line {
  readonly id?: string;
  readonly payload?: string;
  readonly repeat?: boolean;
  readonly error?: { readonly code: string };
}

/** A client over TCP that sends again what was not answered: at once, or, a polite one, after a moment. */
export class StormClient {
  readonly sent = new Map<string, Sent>();
  /** Refusals by code. */
  readonly refusals = new Map<string, number>();
  answered = 0;
  onAnswer: () => void = () => undefined;
  readonly #open = new Set<string>();
  #socket: Socket | null = null;
  #life = 0;
  #stopped = true;

  constructor(
    readonly name: string,
    private readonly inFlight: number,
    private readonly isPolite: boolean,
    private readonly random: SeededRandom,
  ) {}

  get open(): number {
    return this.#open.size;
  }

  /** Asks again for all that is open, and for a few that were answered before (R23). */
  connect(port: number, life: number): void {
    this.disconnect();
    this.#life = life;
    this.#stopped = false;
    const socket = connect(port, '127.0.0.1');
    this.#socket = socket;
    let held = '';
    socket.on('error', () => undefined); // the gateway is killed: that is what the storm is about
    socket.on('data', (chunk: Buffer) => {
      const lines = (held + chunk.toString()).split('\n');
      held = lines.pop() ?? '';
      for (const line of lines) if (this.#socket === socket) this.#hear(JSON.parse(line) as Line);
    });
    const before = [...this.sent.values()].filter(({ answers }) => answers.length > 0).slice(-8);
    // Open like any other: where the ledger has lost it, it is an input of its own, and its answer counts.
    for (const { id } of before) if (this.random.nextBelow(4) === 0) this.#open.add(id);
    for (const id of [...this.#open]) this.#ask(id);
    this.#fill();
  }

  /** Sends nothing new any more; what is open stays open. */
  finish(): void {
    this.#stopped = true;
  }

  disconnect(): void {
    this.#socket?.destroy();
    this.#socket = null;
  }

  #fill(): void {
    while (!this.#stopped && this.#open.size < this.inFlight) {
      const id = `${this.name}-${this.sent.size + 1}`;
      this.sent.set(id, { id, step: 1 + this.random.nextBelow(3), answers: [], lost: false });
      this.#open.add(id);
      this.#ask(id);
    }
  }

  #ask(id: string): void {
    const sent = this.sent.get(id);
    if (sent === undefined || this.#socket?.writable !== true) return;
    // Set point and measured value in 1/16 degC: they differ by the step, which the heater adds to its sum.
    const payload = Buffer.alloc(4);
    payload.writeInt16LE(960, 0);
    payload.writeInt16LE(960 - sent.step, 2);
    this.#socket.write(`${JSON.stringify({ id, payload: payload.toString('hex') })}\n`);
  }

  #hear({ id, payload, repeat, error }: Line): void {
    if (error !== undefined) this.refusals.set(error.code, (this.refusals.get(error.code) ?? 0) + 1);
    const sent = id === undefined ? undefined : this.sent.get(id);
    if (sent === undefined || id === undefined) return;
    if (payload !== undefined) {
      this.answered++;
      const sum = Buffer.from(payload, 'hex').readUInt32LE(INTEGRATOR_AT - 2);
      sent.answers.push({ sum, repeat: repeat === true, life: this.#life });
    } else if (error?.code === 'RESULT_LOST') sent.lost = true;
    else if (error !== undefined) return this.#again(id);
    else return;
    this.#open.delete(id);
    this.onAnswer();
    this.#fill();
  }

  #again(id: string): void {
    const socket = this.#socket;
    const ask = (): void => {
      if (this.#socket === socket) this.#ask(id);
    };
    if (this.isPolite) setTimeout(ask, POLITE_WAITS_MS);
    else setImmediate(ask);
  }
}
