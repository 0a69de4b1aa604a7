import type { Clock } from '../../clock/clock.js';

/** So many at once, then one every so often. */
export interface Allowance {
  readonly burst: number;
  readonly everyUs: number;
}

export interface LogLimits {
  /** Of lines that say the same but for their numbers. */
  readonly ofAKind: Allowance;
  /** Of all lines together. */
  readonly together: Allowance;
  /** What was left out is told so often, while something is. */
  readonly tellEveryUs: number;
}

/**
 * A takeover and its repair are some 30 lines and pass. A loop (a board that disconnects again and again wrote 85 lines a
 * second elsewhere) comes down to one line of each kind every 10 s, and never to more than two a second on the whole.
 */
export const LOG_LIMITS: LogLimits = {
  ofAKind: { burst: 10, everyUs: 10_000_000 },
  together: { burst: 200, everyUs: 500_000 },
  tellEveryUs: 60_000_000,
};

/** Kinds whose allowance is remembered; the one that was used longest ago makes room, and starts anew. */
const MOST_KINDS = 256;

interface Bucket {
  left: number;
  atUs: number;
}

/** Decides which lines of the log are written, so that no loop fills a disk or wears out an SD card. */
export class LogLimit {
  readonly #kinds = new Map<string, Bucket>();
  readonly #together: Bucket;
  #leftOut = 0;
  #cancel: (() => void) | null = null;

  constructor(
    private readonly clock: Clock,
    /** So many lines were left out since the last time. */
    private readonly tell: (leftOut: number) => void,
    private readonly limits: LogLimits = LOG_LIMITS,
  ) {
    this.#together = { left: limits.together.burst, atUs: clock.nowUs() };
  }

  /** True: write it. */
  admit(text: string): boolean {
    const { ofAKind, together, tellEveryUs } = this.limits;
    const kind = text.replace(/\d+/g, '#');
    const bucket = this.#kinds.get(kind) ?? { left: ofAKind.burst, atUs: this.clock.nowUs() };
    this.#kinds.delete(kind);
    this.#kinds.set(kind, bucket);
    for (const oldest of this.#kinds.keys()) {
      if (this.#kinds.size <= MOST_KINDS) break;
      this.#kinds.delete(oldest);
    }
    // Both or neither: a line that is not written uses up no allowance.
    if (this.#fill(bucket, ofAKind) >= 1 && this.#fill(this.#together, together) >= 1) {
      bucket.left -= 1;
      this.#together.left -= 1;
      return true;
    }
    this.#leftOut++;
    this.#cancel ??= this.clock.alarm(this.clock.nowUs() + tellEveryUs, () => this.#tellLeftOut());
    return false;
  }

  /** Tells what was left out, and nothing more after that. */
  close(): void {
    this.#cancel?.();
    this.#tellLeftOut();
  }

  #fill(bucket: Bucket, { burst, everyUs }: Allowance): number {
    const nowUs = this.clock.nowUs();
    bucket.left = Math.min(burst, bucket.left + (nowUs - bucket.atUs) / everyUs);
    bucket.atUs = nowUs;
    return bucket.left;
  }

  #tellLeftOut(): void {
    this.#cancel = null;
    const leftOut = this.#leftOut;
    this.#leftOut = 0;
    if (leftOut > 0) this.tell(leftOut);
  }
}
