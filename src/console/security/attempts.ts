/** So many wrong tokens from one address within a minute: more are not looked at until it is over. */
const MOST_WRONG = 10;
const WITHIN_MS = 60_000;
/** Of more, the one that was heard of first is forgotten. */
const MOST_ADDRESSES = 1000;

interface Wrong {
  readonly sinceMs: number;
  count: number;
}

/** Tokens that were tried in vain, by the address that they came from. */
export class Attempts {
  readonly #wrong = new Map<string, Wrong>();

  constructor(private readonly nowMs: () => number) {}

  /** Seconds until one from there is looked at again; 0: now. */
  waitS(address: string): number {
    const wrong = this.#of(address);
    if (wrong === undefined || wrong.count < MOST_WRONG) return 0;
    return Math.max(1, Math.ceil((wrong.sinceMs + WITHIN_MS - this.nowMs()) / 1000));
  }

  failed(address: string): void {
    const wrong = this.#of(address);
    if (wrong !== undefined) {
      wrong.count += 1;
      return;
    }
    const [oldest] = this.#wrong.keys();
    if (this.#wrong.size >= MOST_ADDRESSES && oldest !== undefined) this.#wrong.delete(oldest);
    this.#wrong.set(address, { sinceMs: this.nowMs(), count: 1 });
  }

  #of(address: string): Wrong | undefined {
    const wrong = this.#wrong.get(address);
    if (wrong === undefined || this.nowMs() - wrong.sinceMs < WITHIN_MS) return wrong;
    this.#wrong.delete(address);
    return undefined;
  }
}
