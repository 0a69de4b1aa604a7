import type { Broken } from './judge/invariants.js';

/** What a worker thread of `simulate` is to do. */
export interface WorkerOrder {
  readonly seeds: readonly number[];
  readonly inputs: number;
}

/** What came of one seed. */
export interface SeedReport {
  readonly seed: number;
  readonly broken: Broken | null;
  readonly cells: readonly [string, number][];
  readonly counts: readonly [string, number][];
}
