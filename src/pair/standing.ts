import type { FaultCode, FaultDetail } from './effects.js';
import { noteFault, openFault } from './faults-of.js';
import { finishAll } from './finish.js';
import type { Standing } from './ledger-rows.js';
import type { Seq } from './messages.js';
import { type BoardState, isWitness, type Step, takesPart } from './pair-state.js';

/** R24: a backup that failed leaves the pair with an alarm; the primary goes on and has never waited for it (R5). */
export function setAside(step: Step, board: BoardState, code: FaultCode, seq: Seq | null, evidence: FaultDetail): void {
  if (!takesPart(board)) return;
  const faultId = openFault(step, code, board.id, seq, evidence);
  board.leftBy = faultId;
  // R19: who of two is wrong only a person knows: until then it must not be overwritten with what may be wrong.
  takeOut(step, board, code === 'mismatch' ? 'kept-out' : 'set-aside');
  noteFault(step, faultId, 'set-aside', { board: board.id, primary: step.pair.owner });
  noteExit(step, board);
}

/** The third copy's standing is nobody else's business: it lives no longer than the gateway. */
export function recordStanding(step: Step, board: BoardState, standing: Standing): void {
  board.standing = standing;
  if (!isWitness(step.pair, board)) step.effects.push({ type: 'recordStanding', board: board.id, standing });
}

/** Out of the pair, without a word: what waited for it alone is over. */
export function takeOut(step: Step, board: BoardState, standing: Standing): void {
  board.session = 'closed';
  board.joining = null;
  board.exchanges.clear();
  board.takeBack = [];
  board.joinFromUs = step.atUs;
  recordStanding(step, board, standing);
  finishAll(step);
}

/** R25: a board that leaves again and again is kept out until a person has looked at it. */
export function noteExit(step: Step, board: BoardState): void {
  const { flapLimit, flapWindowUs } = step.pair.config;
  board.exits = [...board.exits.filter((atUs) => atUs > step.atUs - flapWindowUs), step.atUs];
  if (board.exits.length <= flapLimit || board.standing === 'kept-out') return;
  const evidence = { leftTimes: board.exits.length, allowed: flapLimit, withinMinutes: flapWindowUs / 60_000_000 };
  keepOut(step, board, 'board-flaps', evidence);
}

export function keepOut(step: Step, board: BoardState, code: FaultCode, evidence: FaultDetail): void {
  const faultId = openFault(step, code, board.id, null, evidence);
  board.leftBy ??= faultId;
  takeOut(step, board, 'kept-out');
  noteFault(step, faultId, 'kept-out', { board: board.id, primary: step.pair.owner });
}

/** Nothing safe is left to do by itself: no more inputs, no more commits, until a person has decided (R13, R22). */
export function stopPair(step: Step, why: string, seq: Seq | null): void {
  const { pair } = step;
  if (pair.phase === 'stopped') return;
  pair.phase = 'stopped';
  pair.pending = null;
  pair.waitingForOwner = false;
  giveUpSwitchover(step, `the pair was stopped: ${why}`);
  const faultId = openFault(step, 'pair-stopped', null, seq, { why, pending: pair.inputs.size });
  step.effects.push({ type: 'recordStopped', stopped: true });
  noteFault(step, faultId, 'stopped', { why });
  for (const board of pair.boards.values()) {
    board.joining = null;
    if (board.standing === 'joining') board.standing = 'set-aside';
  }
  dismissWitness(step);
  for (const waiting of pair.unnumbered.splice(0)) {
    step.effects.push({ type: 'refuse', ref: waiting.ref, reason: 'stopped' });
  }
}

/** Whoever leads next has an order of execution of its own: the third copy joins the pair anew (R25). */
export function dismissWitness(step: Step): void {
  for (const board of step.pair.boards.values()) {
    if (isWitness(step.pair, board) && board.standing !== 'kept-out') takeOut(step, board, 'set-aside');
  }
}

/** Whoever asked for a switchover that has come to nothing hears why. */
export function giveUpSwitchover(step: Step, why: string): void {
  const { switchover } = step.pair;
  if (switchover === null) return;
  step.pair.switchover = null;
  step.effects.push({ type: 'commandRefused', ref: switchover.ref, why });
}
