import type { Done } from '../result/messages.js';
import { accuse } from '../state/accuse.js';
import type { BoardState } from '../state/board-state.js';
import type { Step } from '../state/pair-state.js';
import { boardOf, takesPart } from '../state/roles.js';
import { haveActed, noteWholeExchange } from './acted.js';
import { finishIfOver } from './finish.js';
import { doneBefore, mayHaveBeenDone, reportIfRepeated, stopLeg, takeInOrder } from './results.js';
import { numberWasUsed, wasUsedBefore } from './used-seqs.js';

/** The board has acted. For the primary this opens the gate for the copy (R2). */
export function doneReceived(step: Step, board: BoardState, done: Done): void {
  const exchange = board.work.exchanges.get(done.seq);
  if (exchange === undefined) {
    if (done.seq > board.work.highestGivenSeq) {
      accuse(step, board, 'done-without-commit', done.seq, { done: done.seq });
    }
    return;
  }
  if (exchange.state === 'acted') return;
  const input = step.pair.queue.inputs.get(done.seq);
  const isStale = done.stale && exchange.state === 'sent' && input !== undefined;
  if (isStale && wasUsedBefore(step.pair, input)) return numberWasUsed(step, board, input);
  if (isStale && mayHaveBeenDone(input)) return doneBefore(step, board, input, exchange);
  if (exchange.state !== 'committed') {
    return accuse(step, board, 'done-without-commit', done.seq, { done: done.seq, stale: done.stale });
  }
  stopLeg(exchange, step.atUs);
  reportIfRepeated(step, board, exchange, 'COMMIT');
  noteWholeExchange(step, board, exchange);
  haveActed(step, board, exchange, done.readBack);
}

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
export function thirdCopyDone(step: Step, thirdCopy: BoardState): void {
  for (const exchange of [...thirdCopy.work.exchanges.values()]) {
    if (exchange.state === 'acted') doneRecorded(step, thirdCopy.id, exchange.seq);
  }
}
