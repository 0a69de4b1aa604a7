import { type BoardState, lifeNameOf } from './board-state.js';
import { type Determination, isJudgement } from './determination.js';
import type { FaultDetail } from './effects.js';
import { noteFault, openFault } from './faults-of.js';
import { recordAttempt } from './feed.js';
import { greet } from './greeting.js';
import { mayBeAtTheContact, restartThroughReset } from './held-lines.js';
import { failJoining } from './join.js';
import type { Seq } from './messages.js';
import type { Input, Step } from './pair-state.js';
import { isAccused, isEligible, isOurDoing, isPlanned, isWanted, isWitness, otherOf, ownerOf } from './roles.js';
import { giveUpSwitchover, setAside, stopPair, takeOut } from './standing.js';
import { endTakeover, newTakeover } from './switchover.js';

/** A board that does not say who it is is restarted so often before it is left to a person. */
const MUTE_RESTARTS = 3;

/** The decision that a board is not likely to deliver (R14, R15). For the primary it is the first step of a takeover. */
export function declareFailed(
  step: Step,
  board: BoardState,
  reason: Determination,
  seq: Seq | null,
  evidence: FaultDetail,
): void {
  const { pair } = step;
  if (pair.phase === 'stopped' || !isWanted(board)) return;
  board.awaited = null;
  if (board.joining !== null) return joinerFailed(step, board, reason, evidence);
  if (isAccused(pair, board)) return;
  // R10: from the fence on there is nobody else, whoever restarted it.
  const isNeeded = board.id === pair.owner || board.id === pair.takeover?.to;
  if (isOurDoing(board, reason) && !isNeeded) return takeOut(step, board, 'set-aside');
  if (isWitness(pair, board)) return setAside(step, board, reason, seq, evidence);
  if (pair.phase === 'fencing' && isPlanned(pair.takeover)) {
    // R12: whose lease it is the fence transaction tells; who is to be replaced by whom is decided then.
    board.session = 'closed';
    pair.takeover?.lost.push({ board: board.id, reason, seq, evidence });
    return;
  }
  // R10: from the fence on there is no way back and nobody else; only a link that is lost may return.
  const takesOver = board.id === pair.takeover?.to && !isPlanned(pair.takeover);
  if (takesOver && reason === 'unplugged') return giveUpOn(step, board, reason, seq, evidence);
  if (takesOver) return secondDeath(step, board, reason, evidence);
  if (board.id !== pair.owner) return setAside(step, board, reason, seq, evidence);
  const other = otherOf(pair);
  if (isEligible(other)) return fence(step, board, other, reason, seq, evidence);
  if (mayStillCome(other)) {
    // R10: a HELLO that is under way is waited for: it tells whether there is anybody to take over.
    pair.pending = { reason, seq, evidence };
    return;
  }
  giveUpOn(step, board, reason, seq, evidence);
}

/** R25: interrupted joins start clean. That a board which has been given nothing yet goes away again is no news. */
function joinerFailed(step: Step, board: BoardState, reason: Determination, evidence: FaultDetail): void {
  const hadNothing = board.joining !== null && board.joining.snapshot === null;
  failJoining(step, board, hadNothing && reason !== 'failed' ? null : { why: reason, ...evidence });
  if (reason === 'unplugged' && hadNothing) board.joinFromUs = step.atUs;
  // R13: its link is there and it says nothing: it hangs, perhaps since its link was lost.
  const isMute = reason === 'silent' && hadNothing && board.joinsInVain <= MUTE_RESTARTS;
  if (isMute && !mayBeAtTheContact(step.pair)) restartThroughReset(step, board, board.leftBy);
}

/** Called whenever a backup has become eligible, or has turned out not to be. */
export function decidePending(step: Step): void {
  const { pair } = step;
  const { pending } = pair;
  if (pending === null || pair.phase === 'starting') return;
  const other = otherOf(pair);
  if (isEligible(other)) {
    pair.pending = null;
    return fence(step, ownerOf(pair), other, pending.reason, pending.seq, pending.evidence);
  }
  if (mayStillCome(other)) return;
  pair.pending = null;
  giveUpOn(step, ownerOf(pair), pending.reason, pending.seq, pending.evidence);
}

/** It is being greeted, or its link is on its way back: whether it could take over is not known yet. */
function mayStillCome(board: BoardState): boolean {
  return board.standing === 'in-sync' && (board.awaited !== null || (board.linkUp && !board.mute));
}

/** R10: no fence without an eligible backup. A lost link may come back; after anything else the pair stops. */
function giveUpOn(step: Step, board: BoardState, reason: Determination, seq: Seq | null, evidence: FaultDetail): void {
  // R10: a port that opens and closes while its board is waited for already is no news.
  const isNews = reason !== 'unplugged' || !step.pair.waitingForOwner;
  if (isNews) openFault(step, reason, board.id, seq, { ...evidence, backup: 'none that is in sync' });
  if (reason === 'unplugged') {
    if (board.session === 'open') return;
    step.pair.waitingForOwner = true;
    // It may be back already: then nobody has asked it yet.
    if (board.linkUp && board.session === 'closed') greet(step, board);
    return;
  }
  // R22: also where opening its port restarted it: it may have died of its input before, and its link with it.
  noteDeath(step, board);
  stopPair(step, `board ${board.id} failed (${reason}) and no backup is in sync`, seq);
}

/** R10: the fence first. It is the point of no return: from here a gateway only rolls forward. */
function fence(
  step: Step,
  from: BoardState,
  to: BoardState,
  reason: Determination,
  seq: Seq | null,
  evidence: FaultDetail,
): void {
  const { pair } = step;
  const ours = isOurDoing(from, reason);
  const faultId = openFault(step, reason, from.id, seq, ours ? { ...evidence, byOpening: true } : evidence);
  giveUpSwitchover(step, `Board ${from.id} failed: board ${to.id} takes over.`);
  // A switchover whose new primary fails goes the way of any takeover, back to the old one.
  if (pair.takeover !== null) endTakeover(step, pair.takeover);
  noteFault(step, faultId, 'declared-failed', { board: from.id, reason, pending: pair.inputs.size });
  // R22: a board that was judged wrong has not died of what it had in work.
  if (!isJudgement(reason) && !ours) for (const underWay of from.exchanges.keys()) noteAttempt(step, from, underWay);
  pair.phase = 'fencing';
  pair.waitingForOwner = false;
  // R19: judged by a policy and not by evidence, or known to be broken: only a person lets it come back.
  const keepsOut = reason === 'mismatch' || evidence['decidedBy'] === 'self-test';
  pair.takeover = newTakeover({
    ...{ faultId, from: from.id, to: to.id, reason, keepsOut },
    isOurDoing: ours,
    isReturn: false,
  });
  step.effects.push({ type: 'recordFence', from: from.id, to: to.id, faultId, epoch: pair.epoch + 1, locksOut: true });
  // Also after a restart.
  if (keepsOut) step.effects.push({ type: 'recordStanding', board: from.id, standing: 'kept-out' });
}

/**
 * R22: a primary that lost its state while the gateway was down may have died of what it had: the oldest inputs without a
 * result, as many as a window. They are given alone from then on, so that a second death is on one of them.
 */
export function suspectOldest(step: Step, board: BoardState): void {
  const { pair } = step;
  let left = pair.config.maxWindow;
  for (const input of pair.inputs.values()) {
    if (input.commit !== null || input.kind === 'recovered') continue;
    if (left-- === 0) return;
    noteAttempt(step, board, input.seq);
  }
}

/**
 * R22: in a takeover the new owner is given what is left one at a time, and that it is given is not waited for until the
 * ledger has it: one that lost its state while the gateway was down may have died of the first, whatever is recorded.
 */
export function suspectFirstOfTakeover(step: Step, board: BoardState): void {
  const { inputs, takeover } = step.pair;
  for (const input of inputs.values()) {
    if (takeover?.list.has(input.seq) !== true || input.commit !== null || input.quarantined) continue;
    return recordAttempt(step, board, input);
  }
}

/** R22: what this board was at work on when it was accused is told durably, so that a second death on it is known as one. */
function noteAttempt(step: Step, board: BoardState, seq: Seq): void {
  const input = step.pair.inputs.get(seq);
  if (input === undefined || input.commit !== null) return;
  recordAttempt(step, board, input);
}

/** R10: from the fence on there is nobody else. */
function secondDeath(step: Step, board: BoardState, reason: Determination, evidence: FaultDetail): void {
  openFault(step, reason, board.id, null, evidence);
  // R22: also where opening its port restarted it: it may have died of its input before.
  noteDeath(step, board);
  noteDeathBeforeStart(step, board);
  stopPair(step, `board ${board.id} failed (${reason}) while it took over`, null);
}

/**
 * R22: an input on which a second board dies, or the same one a second time, is never given again before a person has
 * decided. What was only under way beside it cannot be told apart from it.
 */
function noteDeath(step: Step, board: BoardState): void {
  for (const exchange of board.exchanges.values()) {
    noteAttempt(step, board, exchange.seq);
    const input = step.pair.inputs.get(exchange.seq);
    if (input === undefined || input.commit !== null || exchange.state !== 'given' || input.attemptedIn.size < 2)
      continue;
    quarantine(step, board, input);
  }
}

/** R22, R27: the gateway restarted between the death and its notice: only the ledger knows what the board was given. */
function noteDeathBeforeStart(step: Step, board: BoardState): void {
  for (const input of step.pair.inputs.values()) {
    if (input.commit !== null || input.quarantined || input.attemptedIn.size < 2) continue;
    // What it was given since is judged by how far it came (noteDeath).
    if (board.exchanges.has(input.seq)) continue;
    if (input.attemptedIn.has(lifeNameOf(board))) quarantine(step, board, input);
  }
}

/**
 * R22: the board has begun a new life in a pair that had stopped, or while no gateway ran: what ended the last one was never
 * told. True: it was the second death on an input, and the pair stays stopped until a person has decided.
 */
export function stoppedByDeathsOf(step: Step, board: BoardState): boolean {
  const { inputs } = step.pair;
  noteDeath(step, board);
  noteDeathBeforeStart(step, board);
  const deadly = [...inputs.values()].find(({ quarantined }) => quarantined);
  if (deadly === undefined) return false;
  stopPair(step, `a second board died of input ${deadly.seq}`, deadly.seq);
  return true;
}

function quarantine(step: Step, board: BoardState, input: Input): void {
  input.quarantined = true;
  step.effects.push({ type: 'quarantine', seq: input.seq });
  step.effects.push({ type: 'refuse', ref: input.ref, reason: 'quarantined' });
  const diedOnIt = [...input.attemptedBy].join(' and ');
  openFault(step, 'input-quarantined', board.id, input.seq, { diedOnIt, deaths: input.attemptedIn.size });
}
