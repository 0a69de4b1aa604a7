import type { LedgerFile, LostRecording } from './events.js';
import { noteFault, openFault } from './faults-of.js';
import type { Step } from './pair-state.js';

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
