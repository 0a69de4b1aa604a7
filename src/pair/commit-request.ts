import type { BoardState } from './board-state.js';
import type { Result } from './messages.js';
import type { Step } from './pair-state.js';

/** Asks the ledger for the must-complete transaction; whether it is granted, a constraint decides (R8). */
export function requestCommit(step: Step, board: BoardState, epoch: number, result: Result): void {
  step.effects.push({
    type: 'requestCommit',
    board: board.id,
    session: board.session.number,
    epoch,
    seq: result.seq,
    hash: result.hash,
    executionCount: result.executionCount,
    digest: result.digest,
    parts: result.parts,
    observed: result.observed,
  });
}
