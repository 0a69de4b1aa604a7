import { SeededRandom } from '../random/seeded-random.js';

/** The only chance in a simulation: the same seed throws the same numbers in the same order. */
export class SeededChoices {
  readonly #random: SeededRandom;

  /** `stream` tells the uses of one seed apart, so that one may ask more often without changing the others. */
  constructor(seed: number, stream: number) {
    this.#random = new SeededRandom(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b));
    // The first numbers of neighbouring seeds are alike.
    for (let n = 0; n < 4; n++) this.#random.nextU32();
  }

  /** 0 to `below` - 1. */
  below(below: number): number {
    return this.#random.nextBelow(below);
  }

  /** `from` to `to`, both included. */
  between(from: number, to: number): number {
    return from + this.#random.nextBelow(to - from + 1);
  }

  /** True once in `n` throws, on average. */
  oneIn(n: number): boolean {
    return this.#random.nextBelow(n) === 0;
  }

  /** One of `options`, which must not be empty. */
  pick<T>(options: readonly T[]): T {
    const picked = options[this.#random.nextBelow(options.length)];
    if (picked === undefined) throw new RangeError('nothing to pick from');
    return picked;
  }

  /** About `us`: between half and twice as long. */
  vary(us: number): number {
    return Math.floor(us * (0.5 + 1.5 * this.#random.nextUnit()));
  }
}
