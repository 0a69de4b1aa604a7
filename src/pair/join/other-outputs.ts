import { keepOut } from '../membership/membership.js';
import { failUpdate, isFlashed } from '../operator/update.js';
import type { BoardState, StateImage } from '../state/board-state.js';
import type { Step } from '../state/pair-state.js';

/**
 * R25: a state comes with the levels of all outputs, so a board with fewer or more of them can never take it: no repeat mends
 * that, only other firmware.
 * @param boardOutputs how many it has, or `at most N`
 */
export function refuseOtherOutputs(
  step: Step,
  board: BoardState,
  { outputs: { length: primaryOutputs } }: StateImage,
  boardOutputs: number | string,
): void {
  const { update } = step.pair;
  if (update !== null && isFlashed(step.pair, board)) {
    return failUpdate(step, update, `it has ${boardOutputs} outputs, and the primary has ${primaryOutputs}`);
  }
  keepOut(step, board, 'board-differs', { differs: 'number of outputs', primaryOutputs, boardOutputs });
}
