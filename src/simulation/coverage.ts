import type { FaultKind } from './faults/fault-kinds.js';
import type { SimulatedPhase } from './phase.js';

/** What a run has done: faults by kind and phase, and how often the pair did what it is there for. */
export class Coverage {
  readonly cells = new Map<string, number>();
  readonly counts = new Map<string, number>();

  struck(kind: FaultKind, phase: SimulatedPhase): void {
    const cell = `${kind} ${phase}`;
    this.cells.set(cell, (this.cells.get(cell) ?? 0) + 1);
  }

  count(what: string, by = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + by);
  }

  add(other: { readonly cells: Iterable<[string, number]>; readonly counts: Iterable<[string, number]> }): void {
    for (const [cell, number] of other.cells) this.cells.set(cell, (this.cells.get(cell) ?? 0) + number);
    for (const [what, number] of other.counts) this.count(what, number);
  }
}
