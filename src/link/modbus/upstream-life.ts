/** So many intervals are looked back on. */
const REMEMBERED = 16;
const PERIODS = 3;
/** Before those have passed. */
const KEEPS = 2;
const LEAST_US = 50_000;
/** Of a master that has asked once and never again. */
const LONGEST_PERIOD_US = 10_000_000;
/** Probes of which it is known who was asked; both boards have had theirs long before. */
const DECISIONS = 64;

/**
 * Whether somebody upstream still asks. A drive stops when its master is silent: a gateway that read on by itself would
 * keep a plant running that nobody looks after.
 */
export class UpstreamLife {
  readonly #intervalsUs: number[] = [];
  readonly #decided = new Map<number, boolean>();
  #lastSeq = 0;
  #lastUs: number | null = null;

  /** @param silenceUs null: three times the longest of the usual intervals */
  constructor(private readonly silenceUs: number | null) {}

  /** An input of somebody's; the copies of it are no further ones. */
  asked(seq: number, atUs: number): void {
    if (seq <= this.#lastSeq && this.#lastUs !== null) return;
    this.#lastSeq = seq;
    const sinceUs = this.#lastUs === null ? null : atUs - this.#lastUs;
    this.#lastUs = Math.max(atUs, this.#lastUs ?? atUs);
    // A time in which nobody asked is no period.
    if (sinceUs === null || sinceUs > this.#allowedUs) return;
    this.#intervalsUs.push(sinceUs);
    if (this.#intervalsUs.length > REMEMBERED) this.#intervalsUs.shift();
  }

  isAlive(atUs: number): boolean {
    return this.#lastUs !== null && atUs - this.#lastUs <= this.#allowedUs;
  }

  /** How often a board that gets nothing else is asked, while somebody upstream asks: less often than he does. Null: nobody does, or it is not known how often. */
  asksEveryUs(atUs: number): number | null {
    const longestUs = Math.max(0, ...this.#intervalsUs);
    return longestUs === 0 || !this.isAlive(atUs) ? null : Math.max(LEAST_US, KEEPS * longestUs);
  }

  /** Whether the boards are read for this probe: the same for both, however far apart they are. */
  isReadFor(seq: number, atUs: number): boolean {
    const decided = this.#decided.get(seq) ?? this.isAlive(atUs);
    this.#decided.delete(seq);
    this.#decided.set(seq, decided);
    const [oldest] = this.#decided.keys();
    if (this.#decided.size > DECISIONS && oldest !== undefined) this.#decided.delete(oldest);
    return decided;
  }

  get #allowedUs(): number {
    if (this.silenceUs !== null) return this.silenceUs;
    if (this.#intervalsUs.length === 0) return LONGEST_PERIOD_US;
    return Math.min(LONGEST_PERIOD_US, PERIODS * Math.max(...this.#intervalsUs));
  }
}
