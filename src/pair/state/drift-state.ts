import type { SourceMap } from '../result/fields.js';

/** What the boards' own readings of one source have been like lately; one for each source of the configuration. */
export interface SourceDrift {
  differs: boolean;
  /** So many in a row, up to `driftReadings`. */
  readings: number;
  /** The fault whose story goes on; null: none. */
  faultId: number | null;
}

export function newDrift(sources: readonly SourceMap[]): SourceDrift[] {
  return sources.map(() => ({ differs: false, readings: 0, faultId: null }));
}
