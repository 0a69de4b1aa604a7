import { FRAME } from '../../protocol/messages.generated.js';
import { SeededRandom } from '../../random/seeded-random.js';

/** A frame is given as it is on the wire, without its delimiters. */
export type FramePredicate = (encodedFrame: Uint8Array) => boolean;

/** A frame held back for a predicate that gets longer than this is let go: it is no frame. */
const longestHeldFrame = 512;

interface PlannedFault {
  readonly fromIndex: number;
  readonly count: number;
  readonly xorMask: number | null;
}

/** What can go wrong with the bytes of one direction. Positions count from the moment the fault is planned. */
export class ByteFaults {
  readonly counters = { corrupted: 0, dropped: 0, framesDropped: 0, cutAway: 0 };
  /** While cut, bytes go nowhere. */
  isCut = false;
  #index = 0;
  #planned: PlannedFault[] = [];
  #noise: { readonly random: SeededRandom; readonly rate: number } | null = null;
  readonly #predicates: FramePredicate[] = [];
  readonly #held: number[] = [];

  /** Flips bits of the byte that comes `ahead` bytes from now (0: the next one). */
  corruptByte(ahead = 0, xorMask = 0x10): void {
    this.#planned.push({ fromIndex: this.#index + ahead, count: 1, xorMask });
  }

  /** Loses `count` bytes, beginning `ahead` bytes from now. */
  dropBytes(ahead = 0, count = 1): void {
    this.#planned.push({ fromIndex: this.#index + ahead, count, xorMask: null });
  }

  /** Loses the next frame the predicate says yes to, once per call. */
  dropNextFrame(predicate: FramePredicate): void {
    this.#predicates.push(predicate);
  }

  /** Damages bytes at random: each with the probability `rate`, half of those flipped in one bit, half lost; 0 ends it. */
  setNoise(rate: number, seed: number): void {
    this.#noise = rate > 0 ? { rate, random: new SeededRandom(seed) } : null;
  }

  /** Passes one byte through everything planned; hands on what is left of it. */
  pass(byte: number, emit: (byte: number) => void): void {
    if (this.isCut) {
      this.counters.cutAway += 1;
      return;
    }
    if (this.#predicates.length === 0 && this.#held.length === 0) this.#damage(byte, emit);
    else this.#hold(byte, emit);
  }

  #hold(byte: number, emit: (byte: number) => void): void {
    if (byte !== FRAME.delimiter) {
      this.#held.push(byte);
      if (this.#held.length > longestHeldFrame) this.#release(emit);
      return;
    }
    if (this.#held.length > 0) {
      const frame = Uint8Array.from(this.#held);
      const index = this.#predicates.findIndex((predicate) => predicate(frame));
      if (index >= 0) {
        this.#predicates.splice(index, 1);
        this.#held.length = 0;
        this.counters.framesDropped += 1;
      } else this.#release(emit);
    }
    this.#damage(byte, emit);
  }

  #release(emit: (byte: number) => void): void {
    for (const held of this.#held.splice(0)) this.#damage(held, emit);
  }

  #damage(byte: number, emit: (byte: number) => void): void {
    const index = this.#index;
    this.#index += 1;
    const fault = this.#planned.find(({ fromIndex, count }) => index >= fromIndex && index < fromIndex + count);
    if (this.#planned.length > 0) {
      this.#planned = this.#planned.filter(({ fromIndex, count }) => fromIndex + count > index + 1);
    }
    let xorMask = fault === undefined ? 0 : fault.xorMask;
    if (fault === undefined && this.#noise !== null && this.#noise.random.nextUnit() < this.#noise.rate) {
      xorMask = this.#noise.random.nextBelow(2) === 0 ? 1 << this.#noise.random.nextBelow(8) : null;
    }
    if (xorMask === null) {
      this.counters.dropped += 1;
      return;
    }
    if (xorMask !== 0) this.counters.corrupted += 1;
    emit(byte ^ xorMask);
  }
}
