import type { RefusalReason } from '../../pair/state/effects.js';
import type { Schedule } from '../schedule.js';

export interface ClientObserver {
  sent(ref: string, payload: Uint8Array): void;
  accepted(ref: string, seq: number): void;
  answered(ref: string, seq: number, bodies: readonly Uint8Array[], repeat: boolean): void;
  refused(ref: string, reason: RefusalReason): void;
}

const ASK_AGAIN_US = 40_000;

/** Whoever wants work done: asks, and asks again for what has no answer after its connection was lost (R23). */
export class SimulatedClient {
  /** Wanted and not answered, in order. */
  readonly open = new Map<string, Uint8Array>();
  connected = false;
  /** Asked on this connection and neither answered nor refused. */
  readonly #asked = new Set<string>();
  readonly #waiting: string[] = [];
  #askAgainAtUs: number | null = null;

  /** @param atOnce how many it has under way at most; more than a gateway takes, and some are refused */
  constructor(
    private readonly atOnce: number,
    private readonly schedule: Schedule,
    private readonly arrive: (ref: string, payload: Uint8Array) => void,
    private readonly observer: ClientObserver,
  ) {}

  ask(ref: string, payload: Uint8Array): void {
    this.open.set(ref, payload);
    this.#waiting.push(ref);
    this.#askNext();
  }

  disconnect(): void {
    this.connected = false;
  }

  /** R23: everything without an answer is asked for again, under the same id. */
  connect(): void {
    this.connected = true;
    this.#asked.clear();
    this.#waiting.splice(0, this.#waiting.length, ...this.open.keys());
    this.#askNext();
  }

  accepted(ref: string, seq: number): void {
    if (this.connected) this.observer.accepted(ref, seq);
  }

  /** False when nobody is there to hear it. */
  answer(ref: string, seq: number, bodies: readonly Uint8Array[], repeat: boolean): boolean {
    if (!this.connected) return false;
    this.open.delete(ref);
    this.#asked.delete(ref);
    this.observer.answered(ref, seq, bodies, repeat);
    // What it asks next comes after the gateway is done with this.
    this.schedule.after(0, () => this.#askNext());
    return true;
  }

  refuse(ref: string, reason: RefusalReason): void {
    if (!this.connected) return;
    this.#asked.delete(ref);
    this.observer.refused(ref, reason);
    if (reason === 'full' || reason === 'stopped') this.#waiting.push(ref);
    else this.open.delete(ref);
    if (this.#askAgainAtUs !== null) return;
    this.#askAgainAtUs = this.schedule.nowUs + ASK_AGAIN_US;
    this.schedule.at(this.#askAgainAtUs, () => {
      this.#askAgainAtUs = null;
      this.#askNext();
    });
  }

  #askNext(): void {
    while (this.connected && this.#askAgainAtUs === null && this.#asked.size < this.atOnce) {
      const ref = this.#waiting.shift();
      if (ref === undefined) return;
      const payload = this.open.get(ref);
      if (payload === undefined || this.#asked.has(ref)) continue;
      this.#asked.add(ref);
      this.observer.sent(ref, payload);
      this.arrive(ref, payload);
    }
  }
}
