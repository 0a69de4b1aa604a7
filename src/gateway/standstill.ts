import type { Clock } from '../clock/clock.js';
import type { Config } from '../config/config.js';
import type { Status } from '../control/contract/status.js';
import { ProgressWatch } from './lines/progress-watch.js';
import type { PairRuntime } from './pair-runtime.js';

/** A deadline of the core that is overdue by so much: nobody tells it the time. */
const OVERDUE_US = 5_000_000;
/** As for the dead-man drive (lines/safety-lines.ts). */
const LINK_STILL_US = 2_000_000;
const OUT_STILL_US = 300_000_000;

/** Whether the core does its work, for whoever tells the world so: its steps are taken, and its links make progress. */
export class Standstill {
  readonly #progress: ProgressWatch;

  constructor(
    private readonly runtime: Pick<PairRuntime, 'hasFailed' | 'overdueUs'>,
    { probeEveryUs }: Pick<Config, 'probeEveryUs'>,
    private readonly clock: Clock,
  ) {
    const linkUs = LINK_STILL_US + 2 * probeEveryUs;
    this.#progress = new ProgressWatch({ linkUs, outUs: OUT_STILL_US, isProbing: probeEveryUs > 0 });
  }

  /** Null: it does. To be called at intervals that are the caller's own. */
  look(status: Status): string | null {
    if (this.runtime.hasFailed) return 'the core has ended with a mistake of its own';
    const { overdueUs } = this.runtime;
    if (overdueUs > OVERDUE_US) return `the core has not been told the time for ${Math.round(overdueUs / 1_000_000)} s`;
    return this.#progress.look(status, this.clock.nowUs());
  }
}
