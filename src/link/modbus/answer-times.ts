/** So many answers are looked back on; fewer say nothing yet. */
const REMEMBERED = 32;
const ENOUGH = 8;
/** A slave that saves its settings is slow for once, and a USB adapter and a busy host are late by themselves. */
const TIMES_THE_LONGEST = 3;
const MARGIN_US = 20_000;

/** How long a slave is waited for before it is asked whether it is there: by how long it has taken of late. */
export class AnswerTimes {
  readonly #tookUs: number[] = [];

  /** @param mostUs whatever it has taken, no longer than this */
  constructor(private readonly mostUs: number) {}

  /** @param tookUs from the end of a request to the begin of its answer */
  note(tookUs: number): void {
    this.#tookUs.push(Math.max(0, tookUs));
    if (this.#tookUs.length > REMEMBERED) this.#tookUs.shift();
  }

  get allowedUs(): number {
    if (this.#tookUs.length < ENOUGH) return this.mostUs;
    return Math.min(this.mostUs, TIMES_THE_LONGEST * Math.max(...this.#tookUs) + MARGIN_US);
  }
}
