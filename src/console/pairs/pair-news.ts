import type { FaultView } from '../../control/contract/fault.js';
import type { OpenFaults } from '../../control/contract/status.js';
import { faultViewOf } from '../../control/fault-json.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { titleOf } from '../../faults/story.js';
import type { PairLedger } from './pair-ledger.js';

/** Faults whose story may still grow: those that came last. */
const WATCHED_FAULTS = 20;
/** Read at a time for clients that come back: what each holds in this process is bounded by it. */
const PAGE = 50;

/** What is new in the ledger since it was looked at last. */
export interface LedgerNews {
  /** The highest number; null: the ledger cannot be read. */
  readonly newest: number | null;
  /** Those that were there before, and have changed: another step, closed, come again. */
  readonly changed: readonly FaultView[];
}

/** What the ledger of one pair says beyond its status, read only where the file has changed. */
export class PairNews {
  /** Why it cannot be read; null: it can. */
  trouble: string | null = null;
  openFaults: OpenFaults | null = null;
  #stamp = '';
  #newest: number | null = null;
  #texts: ReadonlyMap<number, string> = new Map();
  #page: { readonly after: number; readonly stamp: string; readonly faults: readonly FaultView[] } | null = null;

  constructor(private readonly ledger: PairLedger) {}

  /** The highest number of the last look. */
  get newest(): number | null {
    return this.#newest;
  }

  look(): LedgerNews {
    const { stamp } = this.ledger;
    if (stamp === this.#stamp) return { newest: this.#newest, changed: [] };
    let changed: readonly FaultView[] = [];
    try {
      changed = this.ledger.look((reader, fields) => {
        const recent = reader.listFaults({ limit: WATCHED_FAULTS }).map((fault) => faultViewOf(fault, fields));
        const texts = new Map(recent.map((fault) => [fault.id, JSON.stringify(fault)]));
        const before = this.#texts;
        this.#texts = texts;
        this.#newest = reader.newestFault();
        const [newestOpen] = reader.listFaults({ open: true, limit: 1 });
        this.openFaults = {
          open: reader.countOpenFaults(),
          newest:
            newestOpen === undefined
              ? null
              : { id: newestOpen.id, title: titleOf(newestOpen), wallTime: newestOpen.wallTime },
        };
        return recent.filter(({ id }) => before.has(id) && before.get(id) !== texts.get(id));
      });
      this.trouble = null;
    } catch (error) {
      if (!(error instanceof CopycatError)) throw error;
      this.trouble = error.message;
      this.openFaults = null;
      this.#newest = null;
    }
    this.#stamp = stamp;
    return { newest: this.#newest, changed };
  }

  /** The next ones after this number, oldest first; as many clients as there are ask for the same. */
  after(number: number): readonly FaultView[] {
    const stamp = this.#stamp;
    if (this.#page?.after === number && this.#page.stamp === stamp) return this.#page.faults;
    const faults = this.ledger.look((reader, fields) =>
      reader.nextFaults({ after: number, limit: PAGE }).map((fault) => faultViewOf(fault, fields)),
    );
    this.#page = { after: number, stamp, faults };
    return faults;
  }
}
