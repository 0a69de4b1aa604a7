import type { FieldMap, StoredFault, StoredFaultStep } from './stored-fault.js';

/** What came of a fault, read from its timeline. */
export type FaultOutcome =
  | 'took-over'
  | 'taking-over'
  | 'set-aside'
  | 'kept-out'
  | 'stopped'
  | 'switched'
  | 'switching'
  | 'noted';

/** A stored fault with what its story keeps asking for. */
export interface FaultView {
  readonly fault: StoredFault;
  readonly fields: FieldMap;
  /** `board a`, `the third copy`, or `the pair` when no board is at fault. */
  readonly who: string;
  /** R19: it is about the third copy, which never drives the actuator. */
  readonly isThirdCopy: boolean;
  readonly outcome: FaultOutcome;
  /** R25: nobody but a person lets the board in again: it failed too often, or which of the two is wrong is not known. */
  readonly isKeptOut: boolean;
  /** R19: how its faults come, as the count of them tells; null: nothing was counted against a board. */
  readonly faultClass: 'transient' | 'intermittent' | 'permanent' | null;
  /** What keeps the old primary from acting: the relay, RESET in its place, or nothing, because nothing is switched. */
  readonly handover: 'relay' | 'reset' | 'nothing';
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
  const isThirdCopy = fault.evidence['thirdCopy'] === true;
  const startUs = step('evidence')?.atUs ?? fault.timeline[0]?.atUs ?? fault.atUs;
  return {
    fault,
    fields,
    who: isThirdCopy ? 'the third copy' : fault.board === null ? 'the pair' : `board ${fault.board}`,
    isThirdCopy,
    outcome: outcomeOf(fault, step),
    isKeptOut: isKeptOut(fault, step),
    faultClass: classOf(fault, step),
    handover: handoverOf(fault, step),
    drives: driverOf(step),
    startUs,
    step,
    msTo(name) {
      const found = step(name);
      return found === undefined ? null : (found.atUs - startUs) / 1000;
    },
  };
}

function outcomeOf({ code }: StoredFault, step: FaultView['step']): FaultOutcome {
  // R26: the path of a takeover, on which nobody is declared failed.
  const isPlanned = step('declared-failed')?.detail['planned'] === true || code === 'switched-over';
  if (isPlanned) return step('took-over') === undefined ? 'switching' : 'switched';
  if (step('took-over') !== undefined) return 'took-over';
  if (step('stopped') !== undefined) return 'stopped';
  if (step('fenced') !== undefined || step('declared-failed') !== undefined) return 'taking-over';
  if (step('kept-out') !== undefined) return 'kept-out';
  return step('set-aside') !== undefined ? 'set-aside' : 'noted';
}

/** R19: after a difference that nothing but a policy decided, the board that it went against is not let in by itself. */
function isKeptOut({ code }: Pick<StoredFault, 'code'>, step: FaultView['step']): boolean {
  if (step('kept-out') !== undefined) return true;
  return code === 'mismatch' && (step('set-aside') !== undefined || step('took-over') !== undefined);
}

/** A board that left the pair and was counted neither out nor aside may come back at once. */
function classOf({ code, board }: StoredFault, step: FaultView['step']): FaultView['faultClass'] {
  if (board === null || isKeptOut({ code }, step)) {
    return step('kept-out')?.detail['leftTimes'] !== undefined ? 'permanent' : null;
  }
  if (step('intermittent') !== undefined) return 'intermittent';
  const hasLeft = step('set-aside') !== undefined || (step('took-over') !== undefined && step('fenced') !== undefined);
  return hasLeft && code !== 'switched-over' ? 'transient' : null;
}

function handoverOf({ evidence }: StoredFault, step: FaultView['step']): FaultView['handover'] {
  const said = step('fenced')?.detail['handover'] ?? evidence['handover'];
  return said === 'reset' || said === 'nothing' ? said : 'relay';
}

function driverOf(step: FaultView['step']): string | null {
  const named =
    step('took-over')?.detail['primary'] ??
    step('relay-commanded')?.detail['to'] ??
    step('set-aside')?.detail['primary'] ??
    step('kept-out')?.detail['primary'];
  return typeof named === 'string' ? named : null;
}
