import type { RefusalReason } from '../../pair/effects.js';
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
  /** Asked and not answered, in order. */
  readonly open = new Map<string, Uint8Array>();
  connected = false;
  #askAgainAtUs: number | null = null;

  constructor(
    private readonly schedule: Schedule,
    private readonly arrive: (ref: string, payload: Uint8Array) => void,
    private readonly observer: ClientObserver,
  ) {}

  ask(ref: string, payload: Uint8Array): void {
    this.open.set(ref, payload);
    this.observer.sent(ref, payload);
    if (this.connected) this.arrive(ref, payload);
  }

  disconnect(): void {
    this.connected = false;
  }

  /** R23: everything without an answer is asked for again, under the same id. */
  connect(): void {
    this.connected = true;
    for (const [ref, payload] of [...this.open]) this.arrive(ref, payload);
  }

  accepted(ref: string, seq: number): void {
    if (this.connected) this.observer.accepted(ref, seq);
  }

  /** False when nobody is there to hear it. */
  answer(ref: string, seq: number, bodies: readonly Uint8Array[], repeat: boolean): boolean {
    if (!this.connected) return false;
    this.open.delete(ref);
    this.observer.answered(ref, seq, bodies, repeat);
    return true;
  }

  refuse(ref: string, reason: RefusalReason): void {
    if (!this.connected) return;
    this.observer.refused(ref, reason);
    if (reason === 'full' || reason === 'stopped') this.#askAgainSoon();
    else this.open.delete(ref);
  }

  #askAgainSoon(): void {
    if (this.#askAgainAtUs !== null) return;
    this.#askAgainAtUs = this.schedule.nowUs + ASK_AGAIN_US;
    this.schedule.at(this.#askAgainAtUs, () => {
      this.#askAgainAtUs = null;
      if (this.connected) this.connect();
    });
  }
}
