import { referenceOf } from '../input/agreement.js';
import type { BoardState } from '../state/board-state.js';
import type { PairState, Step } from '../state/pair-state.js';

/** Reading from the ledger what was committed, for a board that is given it again (R25). */

export function readHistory({ effects }: Step, board: BoardState, after: number, limit: number): void {
  effects.push({ type: 'readHistory', board: board.id, after, limit });
}

/** What the primary has executed after that and a follower is given as copies. */
export function yetToCome({ queue: { releaseOrder, inputs } }: PairState, count: number): number {
  return releaseOrder.filter((seq) => {
    const input = inputs.get(seq);
    return input !== undefined && (referenceOf(input)?.executionCount ?? 0) > count;
  }).length;
}

/** It has been asked to commit something, and has not said yet whether it has (R17). */
export function awaitsLedger({ queue: { inputs } }: PairState): boolean {
  return [...inputs.values()].some(({ asked }) => asked.length > 0);
}
