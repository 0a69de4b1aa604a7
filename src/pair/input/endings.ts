import type { Result } from '../result/messages.js';
import { accuse, leave } from '../state/accuse.js';
import { mayGiveAgain } from '../state/board-abilities.js';
import type { BoardState, Exchange } from '../state/board-state.js';
import { noteDoubtInHistory } from '../state/facts/known-history.js';
import { openFault } from '../state/fault-log.js';
import type { Input, PairState, Step } from '../state/pair-state.js';
import { followersOf, isFollowing, isThirdCopy } from '../state/roles.js';
import { isReadAlone, referenceOf } from './agreement.js';

/** Ends of an input that are no result of their own (`ResultEnding`): what becomes of the answer, of the copies, and of who gave it. */

/** A copy that was not taken is given again so often, a third of a deadline later each time. */
const MOST_TRIES = 5;
const TRIES_IN_A_DEADLINE = 3;

/** `answer`: it goes on like any other; `no-copy`: so too, and nobody else is given the input; `nothing`: it is no answer at all. */
export type Ending = 'answer' | 'no-copy' | 'nothing';

export function settleEnding(step: Step, board: BoardState, input: Input, exchange: Exchange, result: Result): Ending {
  if (result.ending === 'in-doubt') noteInDoubt(step, board, input);
  else if (result.ending !== 'not-taken') board.work.notTaken = 0;
  if (result.ending === undefined || result.ending === 'unfinished') {
    if (!isReadAlone(step.pair, input) || !isFirstAnswer(step.pair, board, input)) return 'answer';
    shareNothing(step, input);
    return 'no-copy';
  }
  const isFirst = isFirstAnswer(step.pair, board, input);
  if (!isFirst) return result.ending === 'not-taken' ? copyNotTaken(step, board, input, exchange) : 'answer';
  if (result.ending === 'not-taken') {
    shareNothing(step, input);
    return 'no-copy';
  }
  return mayGiveAgain(step.pair, input) ? 'answer' : 'no-copy';
}

function isFirstAnswer(pair: PairState, board: BoardState, input: Input): boolean {
  return board.id === pair.lease.owner && referenceOf(input) === null;
}

/** It was not executed, or changes nothing: whoever follows the primary has nothing to copy. */
function shareNothing(step: Step, input: Input): void {
  for (const follower of followersOf(step.pair)) {
    if (!isFollowing(follower) || input.doneBy.has(follower.id)) continue;
    input.doneBy.add(follower.id);
    if (!isThirdCopy(step.pair, follower))
      step.effects.push({ type: 'recordDone', board: follower.id, seq: input.seq });
  }
}

/** The other board carried it out: this one is given it again, which is no second giving, because it has not had it (R31). */
function copyNotTaken(step: Step, board: BoardState, input: Input, exchange: Exchange): Ending {
  if (mayGiveAgain(step.pair, input)) return 'answer';
  board.work.exchanges.delete(exchange.seq);
  if (board.work.lastGivenSeq !== input.seq) {
    // R3: it has what comes after it, and would have it out of order.
    leave(step, board, null, 'at-once');
    return 'nothing';
  }
  if (++board.work.notTaken > MOST_TRIES) {
    accuse(step, board, 'failed', input.seq, { reason: 'it did not take the copy', tries: board.work.notTaken });
  }
  board.work.waitsUntilUs = step.atUs + step.pair.config.deadlineUs / TRIES_IN_A_DEADLINE;
  return 'nothing';
}

/** The board itself cannot say: it is told, and where that may have changed something the boards are compared anew (R25). */
function noteInDoubt(step: Step, board: BoardState, input: Input): void {
  openFault(step, 'input-in-doubt', board.id, input.seq, { inDoubt: `${input.seq}`, saysSo: true });
  if (mayGiveAgain(step.pair, input)) return;
  const isPrimary = board.id === step.pair.lease.owner;
  if (isPrimary) noteDoubtInHistory(step);
  for (const follower of isPrimary ? followersOf(step.pair) : [board]) {
    if (isFollowing(follower)) leave(step, follower, null, 'at-once');
  }
}

/** When a board that did not take a copy is to be given it again. */
export function givesAgainUs(pair: PairState): number | null {
  let first: number | null = null;
  for (const { work } of pair.boards.values()) {
    if (work.waitsUntilUs !== null && (first === null || work.waitsUntilUs < first)) first = work.waitsUntilUs;
  }
  return first;
}
