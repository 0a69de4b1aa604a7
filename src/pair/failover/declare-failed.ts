import { noteAttempt, noteDeath, noteDeathBeforeStart } from '../input/attempts.js';
import { giveUpInDoubt, isInDoubt } from '../input/in-doubt.js';
import { failJoining } from '../join/join.js';
import { endTakeover, fence } from '../membership/lease.js';
import { giveUpSwitchover, leaveAtWork, setAside, stopPair, takeOut } from '../membership/membership.js';
import { mayBeAtTheContact, restartThroughReset } from '../membership/reset-lines.js';
import type { Seq } from '../result/messages.js';
import { beginHandshake } from '../session/handshake.js';
import { questionUnanswered } from '../session/in-flight.js';
import type { BoardState, Work } from '../state/board-state.js';
import type { FaultDetail } from '../state/effects.js';
import { type FailureReason, isJudgement } from '../state/failure-reason.js';
import { noteFault, openFault } from '../state/fault-log.js';
import type { Evidence, Input, PairState, Step } from '../state/pair-state.js';
import {
  boardOf,
  followersOf,
  isAccused,
  isEligible,
  isOurDoing,
  isPlanned,
  isThirdCopy,
  isWanted,
  otherOf,
  primaryOf,
} from '../state/roles.js';

/** A board that does not say who it is is restarted so often before it is left to a person. */
const UNRESPONSIVE_RESTARTS = 3;

/** R31: a board that answers so often in a row nothing but that it is there is none that works. */
const MOST_QUESTIONS = 3;

/** The one place that acts on what was noted (accuse.ts), and on what had to wait for it to be known who is there. */
export function actOnEvidence(step: Step): void {
  for (const evidence of step.pair.findings.noted.splice(0)) actOn(step, evidence);
  decidePending(step);
}

function actOn(step: Step, evidence: Evidence): void {
  const { pair } = step;
  switch (evidence.kind) {
    case 'accused':
      return declareFailed(step, boardOf(pair, evidence.board), evidence.reason, evidence.seq, evidence.evidence);
    case 'leaves':
      return letGo(step, boardOf(pair, evidence.board), evidence.why, evidence.again === 'at-once');
    case 'stop':
      return stopPair(step, evidence.why, evidence.seq);
  }
}

/** R25: interrupted joins start clean; a board in the pair leaves it without a fault. */
function letGo(step: Step, board: BoardState, why: FaultDetail | null, isTriedAtOnce: boolean): void {
  if (board.membership.joining === null)
    return board.membership.state === 'in-sync' ? takeOut(step, board, 'set-aside') : undefined;
  failJoining(step, board, why);
  if (isTriedAtOnce) board.membership.joinFromUs = step.atUs;
}

/** The decision that a board is not likely to deliver (R14, R15). For the primary it is the first step of a takeover. */
function declareFailed(
  step: Step,
  board: BoardState,
  reason: FailureReason,
  seq: Seq | null,
  evidence: FaultDetail,
): void {
  const { pair } = step;
  if (pair.phase === 'stopped' || !isWanted(board)) return;
  board.link.grace = null;
  if (board.membership.joining !== null) return joinerFailed(step, board, reason, evidence);
  if (isAccused(pair, board)) return;
  // R10: from the fence on there is nobody else, whoever restarted it.
  const isNeeded = board.id === pair.lease.owner || board.id === pair.takeover?.to;
  if (isOurDoing(board, reason) && !isNeeded) return takeOut(step, board, 'set-aside');
  if (isThirdCopy(pair, board)) return setAside(step, board, reason, seq, evidence);
  if (pair.phase === 'fencing' && isPlanned(pair.takeover)) {
    // R12: whose lease it is the fence transaction tells; who is to be replaced by whom is decided then.
    board.session.state = 'closed';
    pair.takeover?.lost.push({ board: board.id, reason, seq, evidence });
    return;
  }
  // R10: from the fence on there is no way back and nobody else; only a link that is lost may return.
  const takesOver = board.id === pair.takeover?.to && !isPlanned(pair.takeover);
  if (takesOver && isAskable(pair, board, reason)) return askWhetherItLives(step, board, seq, evidence);
  if (takesOver && reason === 'unplugged') return giveUpOn(step, board, reason, seq, evidence);
  if (takesOver) return secondDeath(step, board, reason, evidence);
  if (board.id !== pair.lease.owner) return setAside(step, board, reason, seq, evidence);
  const other = otherOf(pair);
  if (isEligible(other)) return takeOver(step, board, other, reason, seq, evidence);
  if (mayStillCome(other)) {
    // R10: a HELLO that is under way is waited for: it tells whether there is anybody to take over.
    pair.findings.pending = { board: board.id, reason, seq, evidence };
    return;
  }
  giveUpOn(step, board, reason, seq, evidence);
}

/** R25: interrupted joins start clean. That a board which has been given nothing yet goes away again is no news. */
function joinerFailed(step: Step, board: BoardState, reason: FailureReason, evidence: FaultDetail): void {
  const hadNothing = board.membership.joining !== null && board.membership.joining.snapshot === null;
  failJoining(step, board, hadNothing && reason !== 'failed' ? null : { why: reason, ...evidence });
  if (reason === 'unplugged' && hadNothing) board.membership.joinFromUs = step.atUs;
  // R13: its link is there and it says nothing: it hangs, perhaps since its link was lost.
  const isUnresponsive = reason === 'silent' && hadNothing && board.membership.joinsInVain <= UNRESPONSIVE_RESTARTS;
  if (isUnresponsive && !mayBeAtTheContact(step.pair)) restartThroughReset(step, board, board.membership.leftBy);
}

/** A backup may have become eligible meanwhile, or have turned out not to be. */
function decidePending(step: Step): void {
  const { pair } = step;
  const { pending } = pair.findings;
  if (pending === null || pair.phase === 'starting') return;
  const other = otherOf(pair);
  if (isEligible(other)) {
    pair.findings.pending = null;
    return takeOver(step, primaryOf(pair), other, pending.reason, pending.seq, pending.evidence);
  }
  if (mayStillCome(other)) return;
  pair.findings.pending = null;
  giveUpOn(step, primaryOf(pair), pending.reason, pending.seq, pending.evidence);
}

/** Its handshake is under way, or its link is on its way back: whether it could take over is not known yet. */
function mayStillCome(board: BoardState): boolean {
  return (
    board.membership.state === 'in-sync' &&
    (board.link.grace !== null || (board.link.isUp && !board.session.unresponsive))
  );
}

/** R31: that an answer is missing is a question to a board that cannot be given the input again; only its silence to that is an answer. */
function isAskable({ config }: PairState, { link, session, work }: BoardState, reason: FailureReason): boolean {
  if (config.wire.abilities.repeats || reason !== 'silent' || !link.isUp || work.questions >= MOST_QUESTIONS)
    return false;
  return session.state !== 'hello-requested' && session.state !== 'opening';
}

/** R5, R25: whoever follows it has not had what is in doubt, and may differ by that from now on. */
function askWhetherItLives(step: Step, board: BoardState, seq: Seq | null, evidence: FaultDetail): void {
  if (!questionUnanswered(step, board, seq, evidence)) return;
  for (const follower of followersOf(step.pair)) if (follower !== board) letGo(step, follower, null, true);
}

/** R10: no fence without an eligible backup. A lost link may come back; after anything else the pair stops. */
function giveUpOn(step: Step, board: BoardState, reason: FailureReason, seq: Seq | null, evidence: FaultDetail): void {
  if (isAskable(step.pair, board, reason)) return askWhetherItLives(step, board, seq, evidence);
  // R10: a port that opens and closes while its board is waited for already is no news.
  const isNews = reason !== 'unplugged' || !step.pair.findings.waitingForPrimary;
  if (isNews) openFault(step, reason, board.id, seq, { ...evidence, backup: 'none that is in sync' });
  if (reason === 'unplugged') {
    if (board.session.state === 'open') return;
    step.pair.findings.waitingForPrimary = true;
    // It may be back already: then nobody has asked it yet.
    if (board.link.isUp && board.session.state === 'closed') beginHandshake(step, board);
    return;
  }
  // R22: also where opening its port restarted it: it may have died of its input before, and its link with it.
  noteDeath(step, board);
  stopPair(step, `board ${board.id} failed (${reason}) and no backup is in sync`, seq);
}

/** R10: the fence first. */
function takeOver(
  step: Step,
  from: BoardState,
  to: BoardState,
  reason: FailureReason,
  seq: Seq | null,
  evidence: FaultDetail,
): void {
  const { pair } = step;
  giveUpInDoubt(step, from, pulsesOf(pair, from));
  const ours = isOurDoing(from, reason);
  const told = { ...evidence, ...(ours ? { byOpening: true } : {}), ...mayHaveCarriedOut(pair, from) };
  const faultId = openFault(step, reason, from.id, seq, told);
  giveUpSwitchover(step, `Board ${from.id} failed: board ${to.id} takes over.`);
  // A switchover whose new primary fails goes the way of any takeover, back to the old one.
  if (pair.takeover !== null) endTakeover(step, pair.takeover);
  noteFault(step, faultId, 'declared-failed', { board: from.id, reason, pending: pair.queue.inputs.size });
  // R22: a board that was judged wrong has not died of what it had in work, so far.
  const mayHaveDied = !isJudgement(reason) && !ours;
  if (isJudgement(reason)) leaveAtWork(pair, from);
  // R31: what it had in its hands is no copy for it either, where it cannot tell a repeat; that outlives the gateway.
  if (mayHaveDied || !pair.config.wire.abilities.repeats) {
    for (const underWay of from.work.exchanges.keys()) noteAttempt(step, from, underWay);
  }
  pair.findings.waitingForPrimary = false;
  // R19: judged by a policy and not by evidence, or known to be broken: only a person lets it come back.
  const keepsOut = reason === 'mismatch' || evidence['decidedBy'] === 'self-test';
  const isDistrusted = isJudgement(reason) || evidence['decidedBy'] === 'restart-sign';
  const what = { faultId, from: from.id, to: to.id, reason, keepsOut };
  fence(step, { ...what, isOurDoing: ours, isDistrusted, isReturn: false });
  // Also after a restart.
  if (keepsOut) step.effects.push({ type: 'recordMemberState', board: from.id, state: 'kept-out' });
}

function unansweredBy(pair: PairState, work: Work): Input[] {
  return [...work.exchanges.values()].flatMap(({ seq, state }) => {
    const input = pair.queue.inputs.get(seq);
    const isUnanswered = state === 'sent' || state === 'out-of-order';
    return input !== undefined && isUnanswered && isInDoubt(pair, input) ? [input] : [];
  });
}

/** R31: what must not be done twice waits for a person, whoever may have carried it out. */
function pulsesOf(pair: PairState, { work }: BoardState): Input[] {
  const { isPulse } = pair.config.wire;
  return isPulse === undefined ? [] : unansweredBy(pair, work).filter(({ payload }) => isPulse(payload));
}

/** R31: what it has not answered goes to the other board, once: a person is told that it may have been carried out by both. */
function mayHaveCarriedOut(pair: PairState, { work }: BoardState): FaultDetail {
  const seqs = unansweredBy(pair, work).map(({ seq }) => seq);
  return seqs.length === 0 ? {} : { mayHaveCarriedOut: seqs.join(', ') };
}

/** R10: from the fence on there is nobody else. */
function secondDeath(step: Step, board: BoardState, reason: FailureReason, evidence: FaultDetail): void {
  openFault(step, reason, board.id, null, evidence);
  // R22: also where opening its port restarted it: it may have died of its input before.
  noteDeath(step, board);
  noteDeathBeforeStart(step, board);
  stopPair(step, `board ${board.id} failed (${reason}) while it took over`, null);
}
