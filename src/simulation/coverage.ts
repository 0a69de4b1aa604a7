import { FAULT_KINDS, type FaultKind, THIRD_COPY_KINDS } from './faults/fault-kinds.js';
import { PHASES, type SimulatedPhase } from './phase.js';

/** What a pair is there for, and how often it must have done it in so many faults: what never happened was not tested. */
export const EVENTS = [
  'takeovers',
  'switchovers',
  'joins',
  'joins by replay',
  'roll-forwards',
  'gateway restarts',
  'power cuts',
  'lost tails',
  'quarantines',
  'stops',
  'repeated answers',
  'adopted results',
  'judged wrong',
  'riddles solved',
  'drifts told',
  'refused boards',
  'rests',
] as const;
export type CountedEvent = (typeof EVENTS)[number];

/** In a run of so many faults each cell has at least this many, and each event. */
const FAULTS = 50_000;
const LEAST_IN_A_CELL = 15;
const LEAST_OF_AN_EVENT = 100;

const NO_GATEWAY = 'no gateway runs that it could befall';

/** Cells that cannot be, and why. */
export const IMPOSSIBLE: ReadonlyMap<string, string> = new Map(
  (
    [
      ...(['gateway-killed', 'gateway-killed-at-effect', 'gateway-stalled', 'switch-asked', 'client-gone'] as const),
      ...THIRD_COPY_KINDS,
    ] as const
  ).map((kind) => [cellOf(kind, 'down'), NO_GATEWAY] as const),
);

export function cellOf(kind: FaultKind, phase: SimulatedPhase): string {
  return `${kind} ${phase}`;
}

/** What runs have done: faults by kind and phase, and how often the pair did what it is there for. */
export class Coverage {
  readonly cells = new Map<string, number>();
  readonly counts = new Map<string, number>();

  struck(kind: FaultKind, phase: SimulatedPhase): void {
    const cell = cellOf(kind, phase);
    this.cells.set(cell, (this.cells.get(cell) ?? 0) + 1);
    this.count('faults');
  }

  count(what: CountedEvent | 'inputs' | 'faults' | 'worlds' | 'events', by = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + by);
  }

  add(other: { readonly cells: Iterable<[string, number]>; readonly counts: Iterable<[string, number]> }): void {
    for (const [cell, number] of other.cells) this.cells.set(cell, (this.cells.get(cell) ?? 0) + number);
    for (const [what, number] of other.counts) this.counts.set(what, (this.counts.get(what) ?? 0) + number);
  }

  /** What was tested too seldom for so many faults: each line is a failure of the instrument, not of the pair. */
  gaps(): string[] {
    const share = (this.counts.get('faults') ?? 0) / FAULTS;
    const leastInACell = Math.floor(LEAST_IN_A_CELL * share);
    const leastOfAnEvent = Math.floor(LEAST_OF_AN_EVENT * share);
    const gaps: string[] = [];
    for (const kind of FAULT_KINDS) {
      for (const phase of PHASES) {
        const cell = cellOf(kind, phase);
        const number = this.cells.get(cell) ?? 0;
        if (IMPOSSIBLE.has(cell) || number >= leastInACell) continue;
        gaps.push(`${kind} struck ${number} times while ${phase}; at least ${leastInACell} are asked for`);
      }
    }
    for (const event of EVENTS) {
      const number = this.counts.get(event) ?? 0;
      if (number < leastOfAnEvent) gaps.push(`${number} ${event}; at least ${leastOfAnEvent} are asked for`);
    }
    return gaps;
  }
}
