import type { CharacterFormat } from '../character-format.js';

/** A byte under way on the receive line. */
export interface ArrivingByte {
  readonly byte: number;
  /** When the receiver has it: its first stop bit has ended. */
  readonly endCycle: number;
  /** How long the sender made one bit, in cycles of the receiver. */
  readonly bitCycles: number;
  /** How the sender put it on the line; 8N1 when not given. */
  readonly format?: CharacterFormat;
}

/** More bytes than this can never be under way: a link hands over a packet at a time. */
const mostUnderWay = 4096;

/** The bytes that travel towards the receiver, oldest first. Full: the newest is dropped and counted. */
export class ReceiveLine {
  dropped = 0;
  readonly #bytes: ArrivingByte[] = [];
  #head = 0;

  /** @param onNext told when the next byte will be complete; Infinity when the line is idle */
  constructor(private readonly onNext: (cycle: number) => void) {}

  get length(): number {
    return this.#bytes.length - this.#head;
  }

  /** The oldest; null when the line is idle. */
  get next(): ArrivingByte | null {
    return this.#bytes[this.#head] ?? null;
  }

  put(arriving: ArrivingByte): void {
    if (this.length >= mostUnderWay) {
      this.dropped += 1;
      return;
    }
    this.#bytes.push(arriving);
    if (this.length === 1) this.onNext(arriving.endCycle);
  }

  take(): ArrivingByte | null {
    const arriving = this.#bytes[this.#head];
    if (arriving === undefined) return null;
    this.#head += 1;
    if (this.#head === this.#bytes.length) {
      this.#bytes.length = 0;
      this.#head = 0;
    }
    this.onNext(this.#bytes[this.#head]?.endCycle ?? Number.POSITIVE_INFINITY);
    return arriving;
  }

  /** The cable is gone: what was under way never arrives. */
  clear(): void {
    this.#bytes.length = 0;
    this.#head = 0;
    this.onNext(Number.POSITIVE_INFINITY);
  }
}
