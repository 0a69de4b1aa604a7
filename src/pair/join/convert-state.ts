import { hasOtherLayout } from '../operator/trial.js';
import { failUpdate } from '../operator/update.js';
import type { BoardState, Joining, StateImage } from '../state/board-state.js';
import type { Step } from '../state/pair-state.js';
import { boardOf } from '../state/roles.js';
import type { StateConverted } from '../state/update-state.js';
import { refuseOtherOutputs } from './other-outputs.js';
import { follow, startWriting, writeSnapshot } from './write-state.js';

/**
 * The joiner is given the primary's state: as it is, or, where its new program lays it out otherwise, as the converter
 * makes it (R26). What the primary executes meanwhile is kept for it all the same.
 */
export function giveState(step: Step, board: BoardState, joining: Joining, image: StateImage): void {
  const { update } = step.pair;
  const mostOutputs = board.session.hello?.mostOutputs ?? Number.POSITIVE_INFINITY;
  if (image.outputs.length > mostOutputs) return refuseOtherOutputs(step, board, image, `at most ${mostOutputs}`);
  if (!hasOtherLayout(step.pair, board) || update === null || update.converter === null) {
    return startWriting(step, board, joining, image);
  }
  follow(step.pair, board, joining, image);
  joining.step = 'converting';
  joining.done = 0;
  joining.of = 0;
  const { converter } = update;
  const { executionCount, bytes } = image;
  step.effects.push({ type: 'convertState', board: board.id, converter, executionCount, bytes });
}

/** An answer to an attempt that is over is nothing to this one. */
export function stateConverted(step: Step, { board: boardId, executionCount, bytes, failure }: StateConverted): void {
  const { update } = step.pair;
  const board = boardOf(step.pair, boardId);
  const { joining } = board.membership;
  if (update === null || joining === null || joining.step !== 'converting') return;
  if (joining.snapshot?.executionCount !== executionCount) return;
  if (bytes === null) return failUpdate(step, update, `its state could not be converted: ${failure}`);
  const wantedBytes = board.session.hello?.stateBytes ?? 0;
  if (bytes.length !== wantedBytes) {
    return failUpdate(step, update, `the converter gave ${bytes.length} bytes of state, and it has ${wantedBytes}`);
  }
  const chunkBytes = Math.max(1, ...joining.chunks.map((chunk) => chunk.length));
  joining.chunks = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) joining.chunks.push(bytes.subarray(at, at + chunkBytes));
  // Only the board can tell the digest of what nobody has had before.
  joining.snapshot = { ...joining.snapshot, bytes, digest: null };
  writeSnapshot(step, board, joining, joining.snapshot);
}
