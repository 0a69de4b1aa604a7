import type { Counter, FaultCode, FaultDetail, FaultStep } from './effects.js';
import type { BoardId, Seq } from './messages.js';
import type { Step } from './pair-state.js';

/** Opens a fault and returns its number, under which the rest of its story is noted. */
export function openFault(
  step: Step,
  code: FaultCode,
  board: BoardId | null,
  seq: Seq | null,
  evidence: FaultDetail,
): number {
  const faultId = step.pair.faults.nextFaultId++;
  // R19: whoever tells the story has to know that this board drives nothing.
  const told = board !== null && board === step.pair.config.witness ? { ...evidence, thirdCopy: true } : evidence;
  step.effects.push({ type: 'openFault', fault: { faultId, code, board, seq, atUs: step.atUs, evidence: told } });
  noteFault(step, faultId, 'evidence', told);
  return faultId;
}

export function noteFault(step: Step, faultId: number, what: FaultStep, detail: FaultDetail = {}): void {
  step.effects.push({ type: 'noteFault', faultId, step: what, atUs: step.atUs, detail });
}

export function count(step: Step, counter: Counter, board: BoardId | null = null): void {
  step.effects.push({ type: 'count', counter, board });
}
