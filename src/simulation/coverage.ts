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
  'disputes settled',
  'drifts told',
  'refused boards',
  'rests',
] as const;
export type CountedEvent = (typeof EVENTS)[number];

/** How often each case must have been met. */
export interface Minimum {
  readonly inACell: number;
  readonly ofAnEvent: number;
}

/** What the whole proof asks for, of so many faults. */
const FAULTS = 50_000;
export const WHOLE_MINIMUM: Minimum = { inACell: 15, ofAnEvent: 100 };

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

/**
 * In proportion to the faults, and for fewer than the whole proof has to the square of that: of few, chance takes more. The
 * rarest case comes about twice as often as it has to in a whole proof, and so twice for once that would be asked for in a small run.
 */
function minimumFor(faults: number): Minimum {
  const share = faults / FAULTS;
  const part = share * Math.min(1, share);
  const { inACell, ofAnEvent } = WHOLE_MINIMUM;
  return { inACell: Math.floor(inACell * part), ofAnEvent: Math.floor(ofAnEvent * part) };
}

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

  /** What was tested too seldom: each line is a failure of the instrument, not of the pair. */
  gaps(least: Minimum = minimumFor(this.counts.get('faults') ?? 0)): string[] {
    const gaps: string[] = [];
    for (const kind of FAULT_KINDS) {
      for (const phase of PHASES) {
        const cell = cellOf(kind, phase);
        const number = this.cells.get(cell) ?? 0;
        if (IMPOSSIBLE.has(cell) || number >= least.inACell) continue;
        gaps.push(`${kind} struck ${number} times while ${phase}; at least ${least.inACell} are asked for`);
      }
    }
    for (const event of EVENTS) {
      const number = this.counts.get(event) ?? 0;
      if (number < least.ofAnEvent) gaps.push(`${number} ${event}; at least ${least.ofAnEvent} are asked for`);
    }
    return gaps;
  }
}
