import type { Change, Standing, ToldChange } from '../../control/contract/told.js';
import type { Tellable, ToldSource } from './teller.js';

/** A change is told when it has stood for so long … */
const SETTLES_US = 2_000_000;
/** … or, where it goes to and fro, this long after the first. */
const LATEST_US = 10_000_000;
/** A gateway that starts finds its boards and lets them join: in this time nothing is told that comes right by itself. */
const STARTS_WITHIN_US = 15_000_000;

export interface UntoldChangeOptions {
  /** How the pair stands now. */
  readonly look: () => Standing;
  readonly nowUs: () => number;
  /** What an earlier life told last; null: nothing yet. */
  readonly toldBefore: Standing | null;
  readonly messageOf: (change: ToldAbout) => ToldChange;
  /** For the next life. */
  readonly keep: (told: Standing) => void;
}

/** What has changed since somebody was told. */
export interface ToldAbout {
  readonly changes: readonly Change[];
  readonly before: Standing;
  readonly after: Standing;
  readonly attempt: number;
}

/**
 * How the pair stands, against what was told of it last. There is never more than one thing to tell, however often it
 * changes and however long nobody can be told: how it stands now, and what has changed since.
 */
export class UntoldChange implements ToldSource {
  readonly leftOut = 0;
  readonly #startedAtUs: number;
  #told: Standing;
  #now: Standing;
  #changedAtUs: number;
  #firstChangeUs: number | null = null;
  #attempts = 0;
  readonly #changes = new Set<Change>();

  constructor(private readonly options: UntoldChangeOptions) {
    this.#now = options.look();
    // A pair that was never told of: that it is not protected yet is no news.
    this.#told = options.toldBefore ?? { ...this.#now, protected: false, stopped: false };
    this.#startedAtUs = options.nowUs();
    this.#changedAtUs = this.#startedAtUs;
    this.#compare(this.#startedAtUs);
  }

  get waiting(): number {
    return this.#firstChangeUs === null ? 0 : 1;
  }

  /** To be called often; whoever tells is to be woken after it. */
  look(): void {
    const nowUs = this.options.nowUs();
    const now = this.options.look();
    if (differences(now, this.#now).length > 0) {
      this.#now = now;
      this.#changedAtUs = nowUs;
    }
    this.#compare(nowUs);
  }

  next(nowUs: number): Tellable | number | null {
    if (this.#firstChangeUs === null) return null;
    const settledUs = Math.min(this.#changedAtUs + SETTLES_US, this.#firstChangeUs + LATEST_US);
    const readyUs = Math.max(settledUs, this.#startedAtUs + STARTS_WITHIN_US);
    return readyUs > nowUs ? readyUs : this.#tellable();
  }

  #compare(nowUs: number): void {
    const changes = differences(this.#now, this.#told);
    for (const change of changes) this.#changes.add(change);
    if (changes.length > 0) {
      this.#firstChangeUs ??= nowUs;
    } else if (this.#attempts === 0 && nowUs - this.#changedAtUs >= SETTLES_US) {
      // It has come right before anybody was to be told.
      this.#firstChangeUs = null;
      this.#changes.clear();
    }
  }

  #tellable(): Tellable {
    const after = this.#now;
    return {
      message: () => {
        this.#attempts++;
        return this.options.messageOf({
          ...{ changes: [...this.#changes], before: this.#told, after, attempt: this.#attempts },
        });
      },
      told: () => {
        this.#told = after;
        this.#attempts = 0;
        this.#firstChangeUs = null;
        this.#changes.clear();
        this.options.keep(after);
        this.#compare(this.options.nowUs());
      },
      // What comes meanwhile is told with it.
      failed: () => undefined,
    };
  }
}

function differences(one: Standing, other: Standing): Change[] {
  return [
    ...(one.protected === other.protected ? [] : ['protection' as const]),
    ...(one.primary === other.primary ? [] : ['primary' as const]),
    ...(one.stopped === other.stopped ? [] : ['stopped' as const]),
  ];
}
