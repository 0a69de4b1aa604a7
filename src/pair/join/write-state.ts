import { recordMemberState } from '../membership/membership.js';
import { comparisonsOf } from '../operator/trial.js';
import type { StateChunk, ToBoard } from '../result/messages.js';
import type { BoardState, Joining, StateImage } from '../state/board-state.js';
import type { PairState, Step } from '../state/pair-state.js';
import { followersOf, isFollowing } from '../state/roles.js';

/**
 * R25: what the primary is done with at this boundary is in the image; whatever it executes from now on is kept for the
 * joiner and given to it as copies.
 */
export function startWriting(step: Step, board: BoardState, joining: Joining, image: StateImage): void {
  follow(step.pair, board, joining, image);
  writeSnapshot(step, board, joining, image);
}

/** The board follows the primary from the boundary of this image on already. */
export function writeSnapshot(step: Step, board: BoardState, joining: Joining, image: StateImage): void {
  joining.step = 'writing';
  joining.done = 0;
  joining.of = image.bytes.length;
  joining.asks = 0;
  writeChunk(step, board, joining);
}

/** From this boundary on the board follows the primary. */
export function follow(pair: PairState, board: BoardState, joining: Joining, image: StateImage): void {
  joining.snapshot = image;
  for (const input of pair.queue.inputs.values()) {
    const isInImage = input.commit !== null && input.commit.executionCount <= image.executionCount;
    if (isInImage || input.doneBy.has(pair.lease.owner)) input.doneBy.add(board.id);
    else input.doneBy.delete(board.id);
  }
  pair.queue.releaseOrder = pair.queue.releaseOrder.filter((seq) => {
    const doneBy = pair.queue.inputs.get(seq)?.doneBy;
    return doneBy !== undefined && followersOf(pair).some((one) => isFollowing(one) && !doneBy.has(one.id));
  });
}

/**
 * Chunks as they were read: what fitted the primary's frame fits the joiner's. STATE_PUT is answered only when it is the
 * last; behind any other goes a STATE_GET, whose answer says that the chunk's place in the receive buffer is free again.
 */
export function writeChunk(step: Step, board: BoardState, joining: Joining): void {
  const { snapshot } = joining;
  if (snapshot === null) return;
  const offset = joining.done;
  const data = snapshot.bytes.subarray(offset, offset + chunkBytes(joining, offset));
  const last = offset + data.length >= snapshot.bytes.length;
  joining.askedAtUs = step.atUs;
  const send = (message: ToBoard): void => {
    step.effects.push({ type: 'send', board: board.id, session: board.session.number, message });
  };
  const { executionCount, outputs } = snapshot;
  send({ kind: 'statePut', executionCount, offset, last, outputs: last ? outputs : [], data });
  if (!last) send({ kind: 'stateGet', offset: offset + data.length });
}

function chunkBytes(joining: Joining, offset: number): number {
  let at = 0;
  for (const chunk of joining.chunks) {
    if (at + chunk.length > offset) return at + chunk.length - offset;
    at += chunk.length;
  }
  return 0;
}

type WriteOutcome = 'going-on' | 'written' | 'different' | 'other-outputs';

/**
 * The joiner's answer. No repeat will mend `different`: it has something else than was sent; nor `other-outputs`: it has fewer or
 * more outputs than levels came with the state.
 */
export function joinerStateReceived(step: Step, board: BoardState, joining: Joining, chunk: StateChunk): WriteOutcome {
  const { snapshot } = joining;
  if (snapshot === null) return 'going-on';
  if (chunk.accepted) {
    const isSameDigest = snapshot.digest === null || chunk.digest === snapshot.digest;
    const isSame = chunk.executionCount === snapshot.executionCount && isSameDigest;
    return isSame ? 'written' : 'different';
  }
  const next = joining.done + chunkBytes(joining, joining.done);
  if (chunk.busy && next < snapshot.bytes.length) {
    // The STATE_GET behind the chunk: the next one may come. An answer to an earlier one says nothing new.
    if (chunk.offset !== next) return 'going-on';
    joining.done = next;
    joining.asks = 0;
  } else if (!chunk.busy) {
    if (snapshot.outputs.length !== 0 && chunk.outputs.length !== snapshot.outputs.length) return 'other-outputs';
    // Not whole: something was lost on the way. It is sent from where the board says its bytes end.
    // One that gives data has not even begun.
    joining.done = chunk.data.length === 0 && chunk.offset < snapshot.bytes.length ? chunk.offset : 0;
    joining.refusals++;
  } else {
    return 'going-on';
  }
  writeChunk(step, board, joining);
  return 'going-on';
}

/** The joiner has the primary's state of that boundary: it is compared from now on (R25: the join row). */
export function startComparing(step: Step, board: BoardState, joining: Joining): void {
  joining.step = 'comparing';
  joining.comparedSinceUs = step.atUs;
  joining.done = 0;
  joining.of = comparisonsOf(step.pair, board);
  joining.chunks = [];
  joining.firstReading = null;
  board.work.executionCount = joining.snapshot?.executionCount ?? 0;
  board.work.exchanges.clear();
  board.work.toRecover = [];
  board.work.highestGivenSeq = 0;
  board.work.slowestExchangeUs = 0;
  recordMemberState(step, board, 'joining');
}
