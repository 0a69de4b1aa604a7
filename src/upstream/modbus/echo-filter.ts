import type { Clock } from '../../clock/clock.js';

interface Sent {
  readonly bytes: Uint8Array;
  /** An echo is there by then. */
  readonly untilUs: number;
  /** It reads like a request: then it may be one. */
  readonly isAmbiguous: boolean;
}

/** From the last bit on the wire to the program, through any converter. */
const LATENCY_US = 20_000;

/**
 * RS-485 adapters that hear what they send: one either always does or never. It is learned from the first answer that cannot be taken for a
 * request; until then what reads like a request and is what was sent last is taken for its echo, so that a write is never done
 * twice: its master asks again.
 */
export class EchoFilter {
  #hasEcho: boolean | null = null;
  #sent: Sent | null = null;
  /** Echoes left out. */
  echoes = 0;

  constructor(
    private readonly clock: Clock,
    private readonly characterUs: number,
  ) {}

  sent(bytes: Uint8Array, isAmbiguous: boolean): void {
    const untilUs = this.clock.nowUs() + bytes.length * this.characterUs + LATENCY_US;
    this.#sent = { bytes, untilUs, isAmbiguous };
  }

  /** How many bytes at the beginning of `held` are an echo; `more`: that cannot be said yet. To be asked where a frame begins. */
  echoAt(held: Uint8Array): number | 'more' {
    if (this.#sent === null) return 0;
    const { bytes, untilUs, isAmbiguous } = this.#sent;
    if (isAmbiguous && this.#hasEcho !== true && (this.#hasEcho === false || this.clock.nowUs() > untilUs)) {
      this.#sent = null;
      return 0;
    }
    const common = Math.min(held.length, bytes.length);
    for (let at = 0; at < common; at++) {
      if (held[at] === bytes[at]) continue;
      // Once one was heard the next is waited for all the same: noise may have damaged this one.
      this.#hasEcho ??= false;
      this.#sent = null;
      return 0;
    }
    if (common < bytes.length) return 'more';
    this.#sent = null;
    if (!isAmbiguous) this.#hasEcho = true;
    this.echoes++;
    return common;
  }
}
