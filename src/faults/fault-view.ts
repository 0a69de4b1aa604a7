import type { FieldMap, StoredFault, StoredFaultStep } from './stored-fault.js';

/** What came of a fault, read from its timeline. */
export type FaultOutcome = 'took-over' | 'taking-over' | 'set-aside' | 'stopped' | 'noted';

/** A stored fault with what its story keeps asking for. */
export interface FaultView {
  readonly fault: StoredFault;
  readonly fields: FieldMap;
  /** `board a`, or `the pair` when no board is at fault. */
  readonly who: string;
  readonly outcome: FaultOutcome;
  /** The board that drives, or is to drive, the actuator after it; null when the timeline does not say. */
  readonly drives: string | null;
  /** When the first evidence was there: zero of the timeline. */
  readonly startUs: number;
  step(name: string): StoredFaultStep | undefined;
  /** Milliseconds from the evidence to the first such step; null when there is none. */
  msTo(name: string): number | null;
}

export function viewFault(fault: StoredFault, fields: FieldMap): FaultView {
  const step = (name: string) => fault.timeline.find((one) => one.step === name);
  const startUs = step('evidence')?.atUs ?? fault.timeline[0]?.atUs ?? fault.atUs;
  return {
    fault,
    fields,
    who: fault.board === null ? 'the pair' : `board ${fault.board}`,
    outcome: outcomeOf(step),
    drives: driverOf(step),
    startUs,
    step,
    msTo(name) {
      const found = step(name);
      return found === undefined ? null : (found.atUs - startUs) / 1000;
    },
  };
}

function outcomeOf(step: FaultView['step']): FaultOutcome {
  if (step('took-over') !== undefined) return 'took-over';
  if (step('stopped') !== undefined) return 'stopped';
  if (step('fenced') !== undefined || step('declared-failed') !== undefined) return 'taking-over';
  return step('set-aside') !== undefined ? 'set-aside' : 'noted';
}

function driverOf(step: FaultView['step']): string | null {
  const named =
    step('took-over')?.detail['primary'] ??
    step('relay-commanded')?.detail['to'] ??
    step('set-aside')?.detail['primary'];
  return typeof named === 'string' ? named : null;
}
