import type { Database, Statement } from 'better-sqlite3';

/** Finished inputs are pruned so many at a time, not one for one. */
const PRUNE_BATCH = 256;

/**
 * How many finished rows are kept: so many inputs, and so many probes beside them. A night of probes must not push out the
 * inputs whose ids a client may repeat, and history (R25) needs both.
 */
export class KeptInputs {
  readonly #inputs: Kept;
  readonly #probes: Kept;

  /** @param onPruned told which rows went */
  constructor(database: Database, keep: number, onPruned: (seqs: readonly number[]) => void = () => undefined) {
    this.#inputs = new Kept(database, `kind <> 'probe'`, keep, onPruned);
    this.#probes = new Kept(database, `kind = 'probe'`, keep, onPruned);
  }

  /** True when old ones were pruned. */
  finished(kind: 'input' | 'probe'): boolean {
    return (kind === 'probe' ? this.#probes : this.#inputs).oneMore();
  }

  /** After rows have come by another way. */
  recount(): void {
    this.#inputs.recount();
    this.#probes.recount();
  }
}

class Kept {
  readonly #prune: Statement;
  readonly #counted: Statement;
  #count = 0;
  /** Where the last pruning ended: the other kind's rows before it need no second look. */
  #prunedThrough = 0;

  constructor(
    database: Database,
    which: string,
    private readonly keep: number,
    private readonly onPruned: (seqs: readonly number[]) => void,
  ) {
    this.#prune = database
      .prepare(
        `DELETE FROM input WHERE seq IN (
         SELECT seq FROM input WHERE seq > ? AND finished = 1 AND ${which} ORDER BY seq LIMIT ?) RETURNING seq`,
      )
      .pluck();
    this.#counted = database.prepare(`SELECT count(*) FROM input WHERE finished = 1 AND ${which}`).pluck();
  }

  oneMore(): boolean {
    this.#count++;
    if (this.#count < this.keep + PRUNE_BATCH) return false;
    const excess = this.#count - this.keep;
    const pruned = this.#prune.all(this.#prunedThrough, excess) as number[];
    this.#count -= pruned.length;
    this.onPruned(pruned);
    // What was finished late lies before it, and is found when there is nothing else to prune.
    this.#prunedThrough = pruned.length < excess ? 0 : pruned.reduce((last, seq) => Math.max(last, seq), 0);
    return true;
  }

  recount(): void {
    this.#prunedThrough = 0;
    this.#count = Number(this.#counted.get());
  }
}
