import { finishAll } from '../input/finish.js';
import type { MemberState } from '../result/ledger-rows.js';
import type { Seq } from '../result/messages.js';
import { type BoardState, type Exchange, lifeNameOf } from '../state/board-state.js';
import type { FaultCode, FaultDetail } from '../state/effects.js';
import { noteFault, openFault } from '../state/fault-log.js';
import type { PairState, Step } from '../state/pair-state.js';
import { pairTimeMsAt } from '../state/pair-time.js';
import { isThirdCopy, takesPart } from '../state/roles.js';
import { classify, leftLately, restsUntilMs, withExit } from './fault-score.js';
import { holdOff, mayBeAtTheContact, restartThroughReset } from './reset-lines.js';

/** R24: a backup that failed leaves the pair with an alarm; the primary goes on and has never waited for it (R5). */
export function setAside(step: Step, board: BoardState, code: FaultCode, seq: Seq | null, evidence: FaultDetail): void {
  if (!takesPart(board)) return;
  const faultId = openFault(step, code, board.id, seq, evidence);
  board.membership.leftBy = faultId;
  // R19: who of two is wrong only a person knows: until then it must not be overwritten with what may be wrong.
  takeOut(step, board, code === 'mismatch' ? 'kept-out' : 'set-aside');
  noteFault(step, faultId, 'set-aside', { board: board.id, primary: step.pair.lease.owner });
  if (step.pair.config.resetLines.includes(board.id) && step.pair.config.handover === 'reset')
    holdOff(step, board, faultId);
  // A hung board does not come back by itself; its pins reach nobody, unless the relay is on its way.
  const isHung = code === 'silent' || code === 'failed';
  if (isHung && !mayBeAtTheContact(step.pair)) restartThroughReset(step, board, faultId);
  noteExit(step, board, faultId, code !== 'backup-behind');
}

/** The third copy's member state is nobody else's business: it lives no longer than the gateway. */
export function recordMemberState(step: Step, board: BoardState, memberState: MemberState): void {
  board.membership.state = memberState;
  if (!isThirdCopy(step.pair, board))
    step.effects.push({ type: 'recordMemberState', board: board.id, state: memberState });
}

/** Out of the pair, without a word: what waited for it alone is over. */
export function takeOut(step: Step, board: BoardState, memberState: MemberState): void {
  board.link.grace = null;
  board.session.state = 'closed';
  board.membership.joining = null;
  board.work.exchanges.clear();
  board.work.toRecover = [];
  board.membership.joinFromUs = step.atUs;
  recordMemberState(step, board, memberState);
  finishAll(step);
}

/**
 * R19: it left the pair under this fault. Whether it is tried again at once, after a rest, or when a person says so, its
 * score decides. `isItsFault` false: for what its link or its host may have done it rests, but is not given up.
 */
export function noteExit(step: Step, board: BoardState, faultId: number, isItsFault = true): void {
  if (board.membership.state === 'kept-out') return;
  const { config } = step.pair;
  const atMs = pairTimeMsAt(step.pair.time, step.atUs);
  setExits(step, board, withExit(config, board.membership.exits, atMs));
  const kind = classify(config, board.membership.exits, atMs);
  if (kind === 'transient') return;
  const lately = leftLately(board.membership.exits, atMs);
  if (kind === 'permanent' && (isItsFault || config.flapLimit === 0)) {
    const allowed = config.flapLimit === 0 ? 0 : config.flapPermanent;
    noteFault(step, faultId, 'kept-out', { board: board.id, primary: step.pair.lease.owner, ...lately });
    return keepOut(step, board, 'board-flaps', { ...lately, allowed });
  }
  const restMs = Math.max(0, restsUntilMs(config, board.membership.exits) - atMs);
  noteFault(step, faultId, 'intermittent', { board: board.id, ...lately, restMs });
}

/** R19: a person vouches for it: what was is not held against it any more. */
export function forgive(step: Step, board: BoardState): void {
  if (board.membership.exits.length > 0) setExits(step, board, []);
}

function setExits(step: Step, board: BoardState, exits: number[]): void {
  board.membership.exits = exits;
  // The third copy is of this life of the gateway only.
  if (!isThirdCopy(step.pair, board)) step.effects.push({ type: 'recordHealth', board: board.id, exits });
}

/**
 * R19: it is known to be broken, however seldom it has failed: a self-test said so. The primary is to be replaced first.
 * @throws Error for the primary, which cannot be kept out.
 */
export function notePermanent(step: Step, board: BoardState, evidence: FaultDetail): void {
  if (board.id === step.pair.lease.owner) throw new Error(`board ${board.id} is the primary: it cannot be kept out`);
  if (board.membership.state !== 'kept-out') keepOut(step, board, 'self-test-failed', evidence);
}

export function keepOut(step: Step, board: BoardState, code: FaultCode, evidence: FaultDetail): void {
  const faultId = openFault(step, code, board.id, null, evidence);
  board.membership.leftBy ??= faultId;
  takeOut(step, board, 'kept-out');
  noteFault(step, faultId, 'kept-out', { board: board.id, primary: step.pair.lease.owner });
}

/** Nothing safe is left to do by itself: no more inputs, no more commits, until a person has decided (R13, R22). */
export function stopPair(step: Step, why: string, seq: Seq | null): void {
  const { pair } = step;
  if (pair.phase === 'stopped') return;
  pair.phase = 'stopped';
  pair.findings.pending = null;
  pair.findings.waitingForPrimary = false;
  giveUpSwitchover(step, `the pair was stopped: ${why}`);
  const faultId = openFault(step, 'pair-stopped', null, seq, { why, pending: pair.queue.inputs.size });
  step.effects.push({ type: 'recordStopped', stopped: true });
  noteFault(step, faultId, 'stopped', { why });
  for (const board of pair.boards.values()) {
    board.membership.joining = null;
    board.link.grace = null;
    leaveAtWork(pair, board);
    if (board.membership.state === 'joining') board.membership.state = 'set-aside';
  }
  dismissThirdCopy(step);
  for (const waiting of pair.queue.unnumbered.splice(0)) {
    step.effects.push({ type: 'refuse', ref: waiting.ref, reason: 'stopped' });
  }
}

/** R22: what it was at work on, and nobody has held against it yet. What is left of an earlier time stays until it is opened. */
export function leaveAtWork({ queue: { inputs } }: PairState, board: BoardState): void {
  const { work } = board;
  const life = lifeNameOf(board);
  const isUntold = ({ seq }: Exchange): boolean => inputs.get(seq)?.attemptedIn.has(life) === false;
  work.leftAtWork = [...work.leftAtWork, ...[...work.exchanges.values()].filter(isUntold)];
}

/** Whoever leads next has an order of execution of its own: the third copy joins the pair anew (R25). */
export function dismissThirdCopy(step: Step): void {
  for (const board of step.pair.boards.values()) {
    if (isThirdCopy(step.pair, board) && board.membership.state !== 'kept-out') takeOut(step, board, 'set-aside');
  }
}

/** Whoever asked for a switchover that has come to nothing hears why. */
export function giveUpSwitchover(step: Step, why: string): void {
  const { switchover } = step.pair;
  if (switchover === null) return;
  step.pair.switchover = null;
  step.effects.push({ type: 'commandRefused', ref: switchover.ref, why });
}
