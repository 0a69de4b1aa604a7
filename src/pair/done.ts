import { takeInOrder } from './exchange.js';
import { finishIfOver } from './finish.js';
import { failJoining } from './join.js';
import { boardOf, isFollowing, otherOf, type Step, takesPart } from './pair-state.js';
import { setAside } from './standing.js';

/** The ledger has a board's DONE: its place in the window is free, and the input may be over. */
export function doneRecorded(step: Step, boardId: string, seq: number): void {
  const { pair } = step;
  const board = boardOf(pair, boardId);
  // R12: a fenced board's DONE frees nothing any more.
  if (!takesPart(board)) return;
  board.exchanges.delete(seq);
  const input = pair.inputs.get(seq);
  if (input === undefined) return;
  input.doneBy.add(boardId);
  takeInOrder(step, board);
  if (boardId === pair.owner) pair.takeover?.list.delete(seq);
  finishIfOver(step, input);
  if (boardId === pair.owner) setAsideIfBehind(step);
}

/** R6: a backup that is too far behind leaves the pair; the ledger, not memory, keeps what it missed. */
function setAsideIfBehind(step: Step): void {
  const backup = otherOf(step.pair);
  const behind = step.pair.releaseOrder.length;
  if (!isFollowing(backup) || behind <= step.pair.config.maxLag) return;
  if (backup.joining !== null) return failJoining(step, backup, { why: 'backup-behind', behind });
  setAside(step, backup, 'backup-behind', null, { behind, allowed: step.pair.config.maxLag });
}
