/** Seeded random numbers (xorshift32): a bench run repeats exactly. */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    // A state of zero would stay zero; the multiplication spreads small seeds.
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0 || 1;
  }

  /** A whole number of 0 to 2^32 - 1. */
  nextU32(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state;
  }

  /** A whole number of 0 to `below` - 1. */
  nextBelow(below: number): number {
    return Math.floor(this.nextUnit() * below);
  }

  /** A number of 0 to just below 1. */
  nextUnit(): number {
    return this.nextU32() / 0x1_0000_0000;
  }
}
