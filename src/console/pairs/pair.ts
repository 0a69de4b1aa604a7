import { basename, resolve } from 'node:path';
import type { Clock } from '../../clock/clock.js';
import type { Config } from '../../config/config.js';
import { loadConfig } from '../../config/load/load-config.js';
import type { Face, PairSummary } from '../../control/contract/face.js';
import type { FaultView } from '../../control/contract/fault.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { PairLedger } from './pair-ledger.js';
import { PairNews } from './pair-news.js';
import { PairStatus } from './pair-status.js';
import { unknownStatus } from './unknown-status.js';

const LOAD_AGAIN_US = 5_000_000;

/** What somebody who looks on is told, four times a second. */
export interface PairWatcher {
  hear(face: Face, newest: number | null, changed: readonly FaultView[]): void;
}

interface Found {
  readonly config: Config;
  readonly status: PairStatus;
  readonly ledger: PairLedger;
  readonly news: PairNews;
}

/** One pair of this machine, by its configuration. A file that is wrong is read again until it is right. */
export class Pair {
  readonly file: string;
  #found: Found | null = null;
  #trouble = '';
  #cancel: (() => void) | null = null;
  readonly #watchers = new Set<PairWatcher>();
  readonly #beganAtUs: number;

  constructor(
    readonly id: string,
    file: string,
    private readonly clock: Clock,
  ) {
    this.file = resolve(file);
    this.#beganAtUs = clock.nowUs();
    this.#load();
  }

  /** Its parts; a text: why there are none. */
  get found(): Found | string {
    return this.#found ?? this.#trouble;
  }

  get face(): Face {
    if (this.#found === null) {
      const coreAgeMs = Math.round((this.clock.nowUs() - this.#beganAtUs) / 1000);
      const status = unknownStatus(basename(this.file), '', this.#trouble);
      return { ...status, coreAgeMs, isStale: true, staleWhy: this.#trouble };
    }
    const { status, news } = this.#found;
    // What has changed is told to whoever watches, and to nobody else before.
    if (this.#watchers.size === 0) news.look();
    return withFaults(status.face, news);
  }

  get summary(): PairSummary {
    const { name, phase, protected: isProtected, why, coreAgeMs, isStale, staleWhy } = this.face;
    const { id, file } = this;
    return { id, name, file, phase, protected: isProtected, why, coreAgeMs, isStale, staleWhy };
  }

  /** Until the function that it gives is called. */
  watch(watcher: PairWatcher): () => void {
    this.#watchers.add(watcher);
    this.#hasten();
    return () => {
      this.#watchers.delete(watcher);
      this.#hasten();
    };
  }

  close(): void {
    this.#cancel?.();
    this.#found?.status.close();
  }

  #hasten(): void {
    if (this.#found === null) return;
    const { status } = this.#found;
    const before = status.isWatched;
    status.isWatched = this.#watchers.size > 0;
    if (status.isWatched && !before) status.hasten();
  }

  #load(): void {
    try {
      const config = loadConfig(this.file);
      const ledger = new PairLedger(config.ledger.path);
      const status = new PairStatus({
        clock: this.clock,
        ...{ name: config.name, controlPath: config.controlPath, ledgerPath: config.ledger.path },
        onNews: () => this.#tell(),
      });
      this.#found = { config, ledger, status, news: new PairNews(ledger) };
      this.#hasten();
    } catch (error) {
      if (!(error instanceof CopycatError)) throw error;
      this.#trouble = error.message;
      this.#cancel = this.clock.alarm(this.clock.nowUs() + LOAD_AGAIN_US, () => this.#load());
      this.#tell();
    }
  }

  #tell(): void {
    if (this.#watchers.size === 0) return;
    const news = this.#found?.news.look() ?? { newest: null, changed: [] };
    const { face } = this;
    for (const watcher of this.#watchers) watcher.hear(face, news.newest, news.changed);
  }
}

function withFaults(face: Face, { openFaults, trouble }: PairNews): Face {
  const faults = openFaults === null ? {} : { faults: openFaults };
  // A ledger that is not there yet is no trouble of one that has not begun.
  const unread =
    trouble === null || face.phase === 'unknown' ? face : { ...face, warnings: [...face.warnings, trouble] };
  return { ...unread, ...faults };
}
