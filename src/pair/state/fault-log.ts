import type { BoardId, Seq } from '../result/messages.js';
import type { Counter, FaultCode, FaultDetail, FaultStep } from './effects.js';
import type { LedgerFile, LostRecording } from './events.js';
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
  const told = board !== null && board === step.pair.config.thirdCopy ? { ...evidence, thirdCopy: true } : evidence;
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

/** R17: trouble in storage is nobody's fault but its own: it is told, and changes nothing else. */
export function recordingLost(step: Step, { file, path, cause, said, durability }: LostRecording): void {
  const { notRecorded } = step.pair.faults;
  if (notRecorded.has(file)) return;
  notRecorded.set(file, openFault(step, 'not-recorded', null, null, { file, path, cause, said, durability }));
}

/** The story of the fault ends where the file has what memory held meanwhile. */
export function recordedAgain(step: Step, file: LedgerFile, droppedInputs: number, droppedFaults: number): void {
  const { notRecorded } = step.pair.faults;
  const faultId = notRecorded.get(file);
  if (faultId === undefined) return;
  notRecorded.delete(file);
  noteFault(step, faultId, 'recorded-again', { file, droppedInputs, droppedFaults });
}
