import { accuse } from '../state/accuse.js';
import type { BoardState } from '../state/board-state.js';
import type { StateLost, Step } from '../state/pair-state.js';

/**
 * R15, R19: its link has noticed by its registers that it is not as it was left: it has restarted, or does not keep what was written to it. While
 * two answers are in dispute that decides who of the two is wrong; otherwise it is evidence like any other.
 */
export function stateLost(step: Step, board: BoardState, seq: number | null, lost: StateLost): void {
  const { dispute } = step.pair.comparison;
  const isInDispute = dispute !== null && (board.id === dispute.primary || board.id === dispute.backup);
  if (isInDispute && dispute.examination !== null) dispute.examination.found.set(board.id, lost);
  else accuse(step, board, lost.reason, seq, lost.evidence);
}
