import { leave } from './accuse.js';
import type { BoardState } from './board-state.js';
import { takeInOrder } from './exchange.js';
import { finishIfOver } from './finish.js';
import type { Step } from './pair-state.js';
import { behindOf, boardOf, followersOf, isFollowing, takesPart } from './roles.js';
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
  // R10: from the determination on the heir is what it is; how far it is behind, the catch-up bears.
  if (boardId !== pair.owner || (pair.phase !== 'serving' && pair.phase !== 'draining')) return;
  for (const follower of followersOf(pair)) setAsideIfBehind(step, follower);
}

/** The third copy's DONE is not recorded: it counts at once. */
export function witnessDone(step: Step, witness: BoardState): void {
  for (const exchange of [...witness.exchanges.values()]) {
    if (exchange.state === 'done') doneRecorded(step, witness.id, exchange.seq);
  }
}

/** R6: a follower that is too far behind leaves the pair; the ledger, not memory, keeps what it missed. */
function setAsideIfBehind(step: Step, follower: BoardState): void {
  const { maxLag } = step.pair.config;
  if (!isFollowing(follower) || step.pair.releaseOrder.length <= maxLag) return;
  // R19: it is kept waiting on purpose, or asked for what it knows, for a bounded time (arbitration.ts).
  if (step.pair.riddle !== null) return;
  const behind = behindOf(step.pair, follower);
  if (behind <= maxLag) return;
  if (follower.joining !== null) return leave(step, follower, { why: 'backup-behind', behind }, 'later');
  setAside(step, follower, 'backup-behind', null, { behind, allowed: maxLag });
}
