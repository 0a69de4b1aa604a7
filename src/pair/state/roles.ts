import type { BoardId } from '../result/messages.js';
import type { BoardState } from './board-state.js';
import type { PairState, Takeover } from './pair-state.js';

export function boardOf(pair: PairState, id: BoardId): BoardState {
  const board = pair.boards.get(id);
  if (board === undefined) throw new Error(`no board ${id} in this pair`);
  return board;
}

export function primaryOf(pair: PairState): BoardState {
  return boardOf(pair, pair.lease.owner);
}

/** The board that is not the primary; whether it is of any use, its member state says. */
export function otherOf(pair: PairState): BoardState {
  const [a, b] = pair.config.boards;
  return boardOf(pair, pair.lease.owner === a ? b : a);
}

/** A further copy-cat that is compared: never eligible, and nothing of it is kept over a restart (R19). */
export function isThirdCopy(pair: PairState, board: BoardState): boolean {
  return board.id === pair.config.thirdCopy;
}

/** Whoever may get copies of what the primary is done with: the board that could take over, and the third copy. */
export function followersOf(pair: PairState): BoardState[] {
  const { thirdCopy } = pair.config;
  return thirdCopy === null ? [otherOf(pair)] : [otherOf(pair), boardOf(pair, thirdCopy)];
}

/** R19: who may be the wrong one of two gets nothing more until that is settled. */
export function isSuspected(pair: PairState, board: BoardState): boolean {
  return pair.comparison.dispute !== null && board.id === otherOf(pair).id;
}

/** R6: what the primary has executed and this board has not acted on. */
export function behindOf(pair: PairState, board: BoardState): number {
  return pair.queue.releaseOrder.filter((seq) => pair.queue.inputs.get(seq)?.doneBy.has(board.id) === false).length;
}

/** R12: from the evidence on, until it is settled, nothing from that board's session counts. */
export function isAccused(pair: PairState, board: BoardState): boolean {
  if (pair.findings.noted.some((evidence) => evidence.kind !== 'stop' && evidence.board === board.id)) return true;
  if (board.id !== pair.lease.owner) return false;
  return pair.findings.pending !== null || (pair.phase === 'fencing' && !isPlanned(pair.takeover));
}

export function isPlanned(takeover: Takeover | null): boolean {
  return takeover !== null && takeover.reason === null;
}

/** Its results are compared and committed: a board in the pair, or one that joins and has the state. */
export function takesPart(board: BoardState): boolean {
  return board.membership.state === 'in-sync' || board.membership.state === 'joining';
}

/** It gets, now or soon, everything the primary executes: that is kept for it. */
export function isFollowing(board: BoardState): boolean {
  return takesPart(board) || (board.membership.joining !== null && board.membership.joining.snapshot !== null);
}

/** It is asked who it is, opened and listened to. */
export function isWanted(board: BoardState): boolean {
  return board.membership.state === 'in-sync' || board.membership.joining !== null;
}

/** We restarted it ourselves, by opening its port: its state is gone, and nobody is to blame. */
export function isOurDoing(board: BoardState, reason: string): boolean {
  return reason === 'restarted' && board.link.resetByOpening;
}

/** R10: in sync, link open. */
export function isEligible(board: BoardState): boolean {
  return board.membership.state === 'in-sync' && board.session.state === 'open';
}

export function isProtected(pair: PairState): boolean {
  const isServing = pair.phase === 'serving' || pair.phase === 'draining';
  return (
    isServing &&
    pair.comparison.dispute === null &&
    !pair.relay.isAway &&
    primaryOf(pair).session.state === 'open' &&
    isEligible(otherOf(pair))
  );
}

/**
 * R26: the board runs another program than the primary, beside it: it is compared and may differ, and it can never take
 * over.
 */
export function isOnTrial({ update }: PairState, board: BoardState): boolean {
  if (update === null || update.board !== board.id || board.membership.joining === null) return false;
  return update.stage === 'trial' || update.stage === 'switching';
}
