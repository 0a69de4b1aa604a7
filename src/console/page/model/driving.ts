import type { Fault, PageStatus } from '../net/shapes.js';

/** Since when a board drives, and how it came to. `atMs` null: since before anything that is known. */
export interface Driving {
  readonly atMs: number | null;
  readonly fault: Fault | null;
}

/** From the newest change of primary in the log. */
export function drivingOf({ primary }: PageStatus, faults: readonly Fault[]): Driving {
  for (const fault of faults) {
    const took = fault.timeline.find(({ step }) => step === 'took-over');
    if (took === undefined) continue;
    // A log that ends with another board's turn is not whole yet.
    if (took.detail['primary'] !== primary) return { atMs: null, fault: null };
    return { atMs: Date.parse(fault.wallTime) + (took.atUs - fault.atUs) / 1000, fault };
  }
  return { atMs: null, fault: null };
}
