import type { BoardState } from './board-state.js';
import type { Input, PairState, Queue } from './pair-state.js';

/** R22: a person has said that what this board computes counts, whatever was committed before. */
export function isAccepted({ disputedResult }: Input, board: BoardState): boolean {
  return disputedResult !== null && disputedResult.accepted && disputedResult.board === board.id;
}

/** Oldest first; each has stopped the pair, and does so again until a person decides. */
export function disputedIn(queue: Queue): Input[] {
  return [...queue.inputs.values()].filter(({ disputedResult }) => disputedResult?.accepted === false);
}

/**
 * For this input, and for whatever else was committed that the board has not acted on: its state is the one that all of
 * its results come from.
 */
export function acceptFrom(queue: Queue, input: Input, board: BoardState['id']): void {
  for (const other of queue.inputs.values()) {
    if (other === input || (other.commit !== null && !other.doneBy.has(board))) {
      other.disputedResult = { board, accepted: true };
    }
  }
}

/** The boards are asked anew: what they differ in then is told anew. */
export function forgetDisputedResults(pair: PairState): void {
  for (const input of disputedIn(pair.queue)) input.disputedResult = null;
}
