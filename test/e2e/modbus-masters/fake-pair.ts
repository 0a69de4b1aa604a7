import type { RefusalReason } from '../../../src/pair/state/effects.js';
import type { Arrival, Upstream } from '../../../src/upstream/upstream.js';

/** A hundred holding registers and eight coils, behind an upstream: what a pair of slaves would be to it. */
export class FakePair {
  readonly payloads: Uint8Array[] = [];
  readonly holding = new Uint16Array(100);
  readonly coils: boolean[] = Array.from({ length: 8 }, () => false);
  /** How long the next input takes, in milliseconds; once, as for a takeover. */
  nextTakesMs = 0;
  /** Answers are held until `go`. */
  isHeld = false;
  /** Null: inputs are taken. */
  refusal: RefusalReason | null = null;
  readonly #held: Arrival[] = [];

  constructor(private readonly upstream: Upstream) {
    upstream.arrivals.subscribe((arrival) => {
      this.payloads.push(arrival.payload);
      const takesMs = this.nextTakesMs;
      this.nextTakesMs = 0;
      if (this.isHeld) this.#held.push(arrival);
      else if (takesMs > 0) setTimeout(() => this.#carryOut(arrival), takesMs);
      else setImmediate(() => this.#carryOut(arrival));
    });
  }

  /** Carries out what was held, in its order. */
  go(): void {
    this.isHeld = false;
    for (const arrival of this.#held.splice(0)) this.#carryOut(arrival);
  }

  #carryOut({ ref, payload }: Arrival): void {
    if (this.refusal !== null) return this.upstream.refuse(ref, this.refusal);
    const answer = this.#answerTo(Buffer.from(payload.subarray(1)));
    const isBroadcast = payload[0] === 0;
    this.upstream.answer(ref, isBroadcast ? [] : [answer], false, false);
  }

  #answerTo(pdu: Buffer): Uint8Array {
    const [code, first, second] = [pdu.readUInt8(0), pdu.readUInt16BE(1), pdu.readUInt16BE(3)];
    switch (code) {
      case 1: {
        const bits = this.coils.slice(first, first + second).reduce((byte, on, at) => byte | (on ? 1 << at : 0), 0);
        return Uint8Array.of(1, 1, bits);
      }
      case 3: {
        if (first + second > this.holding.length) return Uint8Array.of(0x83, 2);
        const values = Buffer.alloc(2 * second);
        for (let at = 0; at < second; at++) values.writeUInt16BE(this.holding[first + at] ?? 0, 2 * at);
        return Uint8Array.of(3, 2 * second, ...values);
      }
      case 5:
        this.coils[first] = second === 0xff00;
        return Uint8Array.from(pdu);
      case 6:
        this.holding[first] = second;
        return Uint8Array.from(pdu);
      case 16:
        for (let at = 0; at < second; at++) this.holding[first + at] = pdu.readUInt16BE(6 + 2 * at);
        return Uint8Array.from(pdu.subarray(0, 5));
      default:
        return Uint8Array.of(code | 0x80, 1);
    }
  }
}
