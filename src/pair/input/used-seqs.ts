import type { Seq } from '../result/messages.js';
import { leave } from '../state/accuse.js';
import type { BoardState } from '../state/board-state.js';
import { count } from '../state/fault-log.js';
import type { Input, PairState, Seqs, Step } from '../state/pair-state.js';
import { followersOf, isFollowing, isThirdCopy, primaryOf } from '../state/roles.js';
import { forget } from './finish.js';

/** Numbers that lives of the gateway gave out of which the ledger has lost the tail (R1, R27). */

/** R1: no number that a board may have been given is given again. Of a ledger that is new no board has been given any. */
export function keepAboveUsedSeqs(pair: PairState): void {
  const used = highestUsedSeq(pair);
  if (pair.start.freshLedger || used < pair.seqs.nextSeq) return;
  if (pair.seqs.nextSeq === pair.seqs.numbersFromSeq) pair.seqs.numbersFromSeq = used + 1;
  pair.seqs.nextSeq = used + 1;
}

/**
 * The highest seq that a board may have been given by an earlier life of the gateway. Also one whose life the ledger does not
 * know: that may be what is lost.
 */
function highestUsedSeq(pair: PairState): Seq {
  let highest = 0;
  for (const {
    session: { hello, helloSession },
  } of pair.boards.values()) {
    if (hello === null || helloSession === 0 || hello.kept.length === 0) continue;
    const highestKept = Math.max(...hello.kept);
    // What is sent never spans more than the board's window (feed.ts): so far ahead of what it has executed it may have been given one.
    if (!isOfThisLife(pair.seqs, highestKept)) highest = Math.max(highest, highestKept + hello.window);
  }
  return highest;
}

export function isOfThisLife(seqs: Seqs, seq: Seq): boolean {
  return seq >= seqs.numbersFromSeq && seq < seqs.nextSeq;
}

/**
 * R1: a board calls a seq stale that was given out in this life of the gateway, and boards had been given as high ones before it:
 * the number was used for something else, by a life of the gateway that nothing is left of.
 */
export function wasUsedBefore(pair: PairState, input: Input): boolean {
  return !input.isEarlier && input.kind !== 'recovered' && input.seq <= highestUsedSeq(pair);
}

/** R1: nobody is to blame, and nothing is lost: the input gets a number that no board has seen. */
export function numberWasUsed(step: Step, board: BoardState, input: Input): void {
  const { pair } = step;
  count(step, 'stale-frames', board.id);
  if (board.id !== pair.lease.owner) return leave(step, board, null, 'later');
  const { seq, ref, kind, payload, isAccepted } = input;
  board.work.exchanges.delete(seq);
  forget(pair, seq);
  // The ledger drops what a board has done (schema 2); the ref may be recorded again.
  step.effects.push({ type: 'recordDone', board: board.id, seq }, { type: 'dropInput', seq });
  keepAboveUsedSeqs(pair);
  pair.queue.unnumbered.unshift({ ref, kind, payload, isAccepted });
}

/**
 * R2: the primary acted on it long ago, and what came of it is lost. Whoever has been given the primary's state has that in it, and
 * so has who was taken back with the same state; for anybody else it would be a new input.
 */
export function shareWithFollowers(step: Step, input: Input): void {
  const { pair } = step;
  for (const follower of followersOf(pair)) {
    if (!isFollowing(follower) || input.doneBy.has(follower.id) || follower.work.exchanges.has(input.seq)) continue;
    if (follower.session.resume && !isTheSame(primaryOf(pair), follower)) {
      leave(step, follower, null, 'later');
      continue;
    }
    input.doneBy.add(follower.id);
    if (!isThirdCopy(pair, follower)) step.effects.push({ type: 'recordDone', board: follower.id, seq: input.seq });
  }
}

/** When each was opened. Of boards that cannot tell a digest it is not known, and not taken for granted. */
export function isTheSame({ session: { hello: one } }: BoardState, { session: { hello: other } }: BoardState): boolean {
  if (one == null || other == null || one.digest === null) return false;
  return one.executionCount === other.executionCount && one.digest === other.digest;
}
