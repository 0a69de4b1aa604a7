import { readStatus } from '../../api/socket/read-status.js';
import type { Clock } from '../../clock/clock.js';
import type { Face } from '../../control/contract/face.js';
import type { Status } from '../../control/contract/status.js';
import { coreText, STALE_AFTER_MS } from '../../control/stale.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { unknownStatus } from './unknown-status.js';

export interface PairStatusOptions {
  readonly clock: Clock;
  readonly name: string;
  readonly controlPath: string;
  readonly ledgerPath: string;
  /** A newer status, or the old one a bit older. */
  readonly onNews: () => void;
}

/** While somebody looks at it, and while nobody does. */
const WATCHED_EVERY_US = 250_000;
const EVERY_US = 1_000_000;
const ANSWER_MS = 2000;

interface Heard {
  readonly status: Status;
  /** When it was asked for: what it says is no older, but for what it says of its own age. */
  readonly askedAtUs: number;
}

/**
 * What a gateway said last, and how long ago, by the clock of this process: one that hangs, that was stopped or killed says nothing any
 * more, and its last word must not look like how things are.
 */
export class PairStatus {
  #heard: Heard | null = null;
  #silence = 'the gateway has not answered yet';
  #cancel: (() => void) | null = null;
  #isClosed = false;
  readonly #beganAtUs: number;

  constructor(private readonly options: PairStatusOptions) {
    this.#beganAtUs = options.clock.nowUs();
    void this.#ask();
  }

  isWatched = false;

  /** Now. */
  get face(): Face {
    const { clock, name, ledgerPath } = this.options;
    const heard = this.#heard;
    const sinceUs = clock.nowUs() - (heard?.askedAtUs ?? this.#beganAtUs);
    const coreAgeMs = Math.round(sinceUs / 1000) + (heard?.status.coreAgeMs ?? 0);
    const isStale = heard === null || coreAgeMs > STALE_AFTER_MS;
    if (!isStale) return { ...heard.status, coreAgeMs, isStale, staleWhy: null };
    if (heard === null) {
      const why = this.#silence;
      return { ...unknownStatus(name, ledgerPath, why), coreAgeMs, isStale, staleWhy: why };
    }
    // What it said last when it was silent is no reason of one that answers again.
    const isSilent = sinceUs > STALE_AFTER_MS * 1000;
    const staleWhy = isSilent ? this.#silence : `the gateway answers, and ${coreText(coreAgeMs)}`;
    return { ...heard.status, protected: false, why: `STALE: ${staleWhy}`, coreAgeMs, isStale, staleWhy };
  }

  /** Asks at once, and more often from now on. */
  hasten(): void {
    if (this.#cancel === null) return;
    this.#cancel();
    void this.#ask();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
  }

  async #ask(): Promise<void> {
    const { clock, controlPath, onNews } = this.options;
    this.#cancel = null;
    const askedAtUs = clock.nowUs();
    try {
      const status = await readStatus(controlPath, { timeoutMs: ANSWER_MS });
      this.#heard = { status, askedAtUs };
    } catch (error) {
      if (!(error instanceof CopycatError)) throw error;
      this.#silence = error.message;
    }
    if (this.#isClosed) return;
    const everyUs = this.isWatched ? WATCHED_EVERY_US : EVERY_US;
    this.#cancel = clock.alarm(Math.max(askedAtUs + everyUs, clock.nowUs() + everyUs / 4), () => void this.#ask());
    onNews();
  }
}
