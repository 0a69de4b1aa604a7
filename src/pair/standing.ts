import type { FaultCode, FaultDetail } from './effects.js';
import { noteFault, openFault } from './faults-of.js';
import { finishAll } from './finish.js';
import type { Seq } from './messages.js';
import type { BoardState, Step } from './pair-state.js';

/** R24: a backup that failed leaves the pair with an alarm; the primary goes on and has never waited for it (R5). */
export function setAside(step: Step, board: BoardState, code: FaultCode, seq: Seq | null, evidence: FaultDetail): void {
  if (board.standing !== 'in-sync') return;
  const faultId = openFault(step, code, board.id, seq, evidence);
  board.standing = 'set-aside';
  board.session = 'closed';
  board.exchanges.clear();
  step.effects.push({ type: 'recordStanding', board: board.id, standing: 'set-aside' });
  noteFault(step, faultId, 'set-aside', { board: board.id, primary: step.pair.owner });
  finishAll(step);
}

/** Nothing safe is left to do by itself: no more inputs, no more commits, until a person has decided (R13, R22). */
export function stopPair(step: Step, why: string, seq: Seq | null): void {
  const { pair } = step;
  if (pair.phase === 'stopped') return;
  pair.phase = 'stopped';
  pair.takeover = null;
  pair.pending = null;
  const faultId = openFault(step, 'pair-stopped', null, seq, { why, pending: pair.inputs.size });
  step.effects.push({ type: 'recordStopped', stopped: true });
  noteFault(step, faultId, 'stopped', { why });
  for (const waiting of pair.unnumbered.splice(0)) {
    step.effects.push({ type: 'refuse', ref: waiting.ref, reason: 'stopped' });
  }
}
