import type { BoardState } from './board-state.js';
import { takeInOrder } from './exchange.js';
import { finishIfOver } from './finish.js';
import type { Step } from './pair-state.js';
import { boardOf, takesPart } from './roles.js';

/** The ledger has a board's DONE: its place in the window is free, and the input may be over. */
export function doneRecorded(step: Step, boardId: string, seq: number): void {
  const { pair } = step;
  const board = boardOf(pair, boardId);
  // R12: a fenced board's DONE frees nothing any more.
  if (!takesPart(board)) return;
  board.work.exchanges.delete(seq);
  const input = pair.queue.inputs.get(seq);
  if (input === undefined) return;
  input.doneBy.add(boardId);
  takeInOrder(step, board);
  if (boardId === pair.lease.owner) pair.takeover?.list.delete(seq);
  finishIfOver(step, input);
}

/** The third copy's DONE is not recorded: it counts at once. */
export function witnessDone(step: Step, witness: BoardState): void {
  for (const exchange of [...witness.work.exchanges.values()]) {
    if (exchange.state === 'done') doneRecorded(step, witness.id, exchange.seq);
  }
}
