import type { Seq } from '../result/messages.js';
import { hasFields } from '../result/plausibility.js';
import { actsUnasked } from '../state/board-abilities.js';
import type { BoardState } from '../state/board-state.js';
import type { Input, PairState, Step } from '../state/pair-state.js';
import { followersOf, isFollowing, otherOf } from '../state/roles.js';
import { emit } from './answer.js';

/**
 * An input is over when each of the two boards that is in the pair, or on its way into it with the state, has acted on it.
 * What only the third copy has not done is kept for it alone: the ledger, and whoever starts from it, knows nothing of that.
 */
export function finishIfOver(step: Step, input: Input): void {
  const { pair } = step;
  if (!input.doneBy.has(pair.lease.owner)) return;
  if (isAwaitedOf(input, otherOf(pair))) return;
  if (!input.finished) finish(step, input);
  if (followersOf(pair).some((follower) => isAwaitedOf(input, follower))) return;
  forget(pair, input.seq);
}

/** R27: what was recovered from the primary and is not committed nobody else is ever given: the ledger has lost what it said. */
function isAwaitedOf({ kind, commit, doneBy }: Input, board: BoardState): boolean {
  return isFollowing(board) && !doneBy.has(board.id) && (kind !== 'recovered' || commit !== null);
}

function finish(step: Step, input: Input): void {
  const { pair } = step;
  // R9: a board that acts unasked may be done with it, as the ledger has it, before its answer could leave: the pair had stopped meanwhile.
  if (actsUnasked(pair)) emit(step, input);
  input.finished = true;
  if (input.commit !== null && hasFields(pair.config.fields, input.commit.parts)) {
    pair.comparison.lastAgreed = { parts: input.commit.parts, pairTimeMs: input.pairTimeMs };
  }
  if (input.commit !== null || input.kind === 'probe' || input.kind === 'recovered') {
    step.effects.push({ type: 'finishInput', seq: input.seq });
    return;
  }
  // R27: a board acted on it long ago, and the host lost what it answered: whoever waits for it is told so.
  step.effects.push({ type: 'dropInput', seq: input.seq });
  if (input.kind === 'input') step.effects.push({ type: 'refuse', ref: input.ref, reason: 'result-lost' });
}

/** After a board has left: what waited for it alone is over. */
export function finishAll(step: Step): void {
  for (const input of [...step.pair.queue.inputs.values()]) finishIfOver(step, input);
}

/** Out of everything that the core keeps about inputs in work. */
export function forget(pair: PairState, seq: Seq): void {
  pair.queue.inputs.delete(seq);
  pair.queue.releaseOrder = pair.queue.releaseOrder.filter((other) => other !== seq);
  pair.takeover?.list.delete(seq);
}
