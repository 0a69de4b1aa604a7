import type { Result, Seq, ToBoard } from '../result/messages.js';
import { accuse, leave } from '../state/accuse.js';
import { actsUnasked, mayGiveAgain, tellsLife } from '../state/board-abilities.js';
import type { BoardState, Exchange, Work } from '../state/board-state.js';
import type { PairEffect } from '../state/effects.js';
import { count, openFault } from '../state/fault-log.js';
import type { Input, PairState, Queue, Step } from '../state/pair-state.js';
import { followersOf, isAccused, isFollowing } from '../state/roles.js';
import { haveActed, noteWholeExchange } from './acted.js';
import { referenceOf } from './agreement.js';
import { settleEnding } from './endings.js';
import { positionOf, sendInput } from './feed.js';
import { isInDoubt, takeCopiesForDone } from './in-doubt.js';
import { shareWithFollowers } from './used-seqs.js';

/** A whole result has come (R4). In the order of execution it goes on to the ledger; a gap waits for its repeat (R3). */
export function resultReceived(step: Step, board: BoardState, result: Result): void {
  const { pair } = step;
  const exchange = board.work.exchanges.get(result.seq);
  const input = pair.queue.inputs.get(result.seq);
  if (exchange === undefined || input === undefined) return resultForNothing(step, board, result);
  if (!result.inputMatches) {
    return accuse(step, board, 'unknown-result', result.seq, { inputMatches: false, result: result.seq });
  }
  switch (exchange.state) {
    case 'sent':
      // R27: it keeps more than its HELLO lists, and that it has acted on: it was done before what it was opened with.
      if (tellsLife(pair) && isBeforeSession(board.work, result) && mayHaveBeenDone(input))
        return doneBefore(step, board, input, exchange);
      exchange.result = result;
      exchange.state = 'out-of-order';
      return takeInOrder(step, board);
    case 'out-of-order':
      return;
    case 'awaiting-commit':
      if (actsUnasked(pair)) return count(step, 'stale-frames', board.id);
      // R11: the answer to this result will come; the board is not to give up on it.
      step.effects.push(sendTo(board, { kind: 'wait', seq: result.seq }));
      return;
    case 'committed':
      // R8: what was granted is the result that was taken first, whatever comes now.
      if (exchange.result !== null) {
        step.effects.push(sendTo(board, { kind: 'commit', seq: result.seq, hash: exchange.result.hash }));
      }
      return;
    case 'acted':
      return;
  }
}

/**
 * R3: what its link has counted is of one opening of it. Answers come in the order of execution, because such a link has one way in and
 * asks for one at a time: a copy has the place of what it is a copy of, and anything else the next one.
 */
function inItsPlace(pair: PairState, board: BoardState, input: Input, exchange: Exchange, result: Result): Result {
  const position = positionOf(input, board);
  const executionCount = position > 0 ? position : board.work.executionCount + 1;
  board.work.executionCount = executionCount - 1;
  // Given again behind something later, it tells of a later moment than what it is a copy of: it is not held against that.
  const isLate =
    exchange.repeats > 0 &&
    (position > 0 ? board.work.lastGivenSeq !== input.seq : isBehindADoubt(pair, board, exchange));
  return { ...result, executionCount, ...(isLate ? { ending: 'unfinished' } : {}) };
}

/** R31: what it was given later, and has not answered, it may have carried out before this. */
function isBehindADoubt(pair: PairState, { work }: BoardState, exchange: Exchange): boolean {
  const given = [...work.exchanges.values()];
  return given.slice(given.indexOf(exchange) + 1).some(({ seq, state }) => {
    const later = pair.queue.inputs.get(seq);
    return state === 'sent' && later !== undefined && !mayGiveAgain(pair, later);
  });
}

function isBeforeSession(work: Work, { seq, executionCount }: Result): boolean {
  return executionCount <= work.executionCount && !work.toRecover.includes(seq);
}

/** R15: a result for an input the board was never given is evidence; a late repeat of an old one is not. */
function resultForNothing(step: Step, board: BoardState, result: Result): void {
  if (result.seq > board.work.highestGivenSeq || !result.inputMatches) {
    accuse(step, board, 'unknown-result', result.seq, {
      result: result.seq,
      highestGiven: board.work.highestGivenSeq,
    });
  } else {
    count(step, 'stale-frames', board.id);
  }
}

/** R3: takes results strictly by execution count; what is behind a gap waits, and the gap is asked for again at once. */
export function takeInOrder(step: Step, board: BoardState): void {
  for (;;) {
    // R12: what is behind the answer by which it leaves does not count.
    if (isAccused(step.pair, board)) return;
    const next = nextInOrder(step.pair, board);
    if (next === null) break;
    const input = step.pair.queue.inputs.get(next.seq);
    if (input === undefined || next.result === null) return;
    if (!tellsLife(step.pair)) next.result = inItsPlace(step.pair, board, input, next, next.result);
    board.work.executionCount = Math.max(board.work.executionCount, next.result.executionCount);
    board.work.questions = 0;
    stopLeg(next, step.atUs);
    reportIfRepeated(step, board, next, 'INPUT');
    if (actsUnasked(step.pair)) noteWholeExchange(step, board, next);
    next.state = 'awaiting-commit';
    decide(step, board, input, next, next.result);
  }
  let early = false;
  for (const exchange of board.work.exchanges.values()) if (exchange.state === 'out-of-order') early = true;
  if (!early) return;
  for (const exchange of board.work.exchanges.values()) {
    const input = step.pair.queue.inputs.get(exchange.seq);
    if (exchange.state !== 'sent' || exchange.repeats > 0 || input === undefined) continue;
    if (!mayGiveAgain(step.pair, input)) continue;
    // After a resume the results of an earlier session come as the board finds time: no gap, and nothing was lost.
    if (board.work.toRecover.includes(exchange.seq)) continue;
    exchange.repeats++;
    count(step, 'link-degraded', board.id);
    sendInput(step, board, input);
  }
}

function nextInOrder(pair: PairState, board: BoardState): Exchange | null {
  if (!tellsLife(pair)) return nextAsGiven(pair, board);
  // What it had executed before this session comes first, in the order that its HELLO told.
  board.work.toRecover = board.work.toRecover.filter((seq) => isOwed(pair.queue, board, seq));
  const [first] = board.work.toRecover;
  for (const exchange of board.work.exchanges.values()) {
    if (exchange.state !== 'out-of-order' || exchange.result === null) continue;
    if (
      first === undefined ? exchange.result.executionCount === board.work.executionCount + 1 : exchange.seq === first
    ) {
      return exchange;
    }
  }
  return null;
}

/**
 * R3: a board that counts nothing executes in the order in which it was given. What stands behind an input without an answer waits, until that
 * comes or its deadline passes; but not behind one that is asked again, whose place is that of its second execution.
 */
function nextAsGiven(pair: PairState, { work }: BoardState): Exchange | null {
  for (const exchange of work.exchanges.values()) {
    if (exchange.state === 'out-of-order' && exchange.result !== null) return exchange;
    const input = pair.queue.inputs.get(exchange.seq);
    if (exchange.state === 'sent' && input !== undefined && !mayGiveAgain(pair, input)) return null;
  }
  return null;
}

function isOwed(queue: Queue, board: BoardState, seq: number): boolean {
  const input = queue.inputs.get(seq);
  const state = board.work.exchanges.get(seq)?.state;
  return (
    input !== undefined &&
    !input.doneBy.has(board.id) &&
    (state === undefined || state === 'sent' || state === 'out-of-order')
  );
}

/** What the board has answered is handed on: to be compared, or proposed where it is the first answer (comparison.ts). */
function decide(step: Step, board: BoardState, input: Input, exchange: Exchange, result: Result): void {
  const { pair } = step;
  const ending = settleEnding(step, board, input, exchange, result);
  if (ending === 'nothing') return;
  // R27: the primary acted on it, and what it answered is lost: there is nothing to hold this against, nor to commit it by.
  if (board.id !== pair.lease.owner && referenceOf(input) === null) return leave(step, board, null, 'later');
  input.answers.set(board.id, result);
  if (board.id === pair.lease.owner && ending === 'answer' && !pair.queue.releaseOrder.includes(input.seq)) {
    pair.queue.releaseOrder.push(input.seq);
    giveNoCopyOfWhatWasGiven(step, input);
  }
  step.answers.push({ board, input, result });
}

/**
 * R31: who follows now had it in its hands when it left the pair as the primary, and may have carried it out: it is no copy for it, and whether
 * the two are the same is compared anew (R25).
 */
function giveNoCopyOfWhatWasGiven(step: Step, input: Input): void {
  for (const follower of followersOf(step.pair)) {
    const wasGiven = input.attemptedBy.has(follower.id) && isInDoubt(step.pair, input);
    if (!wasGiven || !isFollowing(follower) || input.doneBy.has(follower.id)) continue;
    takeCopiesForDone(step, follower, [input]);
    leave(step, follower, null, 'at-once');
  }
}

/**
 * R27: the ledger lost its tail; the board acted on it long ago. (Of what was recorded in this life of the gateway a board keeps
 * what the ledger has not as done: then a stale seq is evidence.) What was recovered from a board that is gone since nobody can
 * give again.
 */
export function mayHaveBeenDone(input: Input): boolean {
  return input.isEarlier || input.kind === 'recovered';
}

/** Its place in the order is lost with its result: nobody is given a copy of it. */
export function doneBefore(step: Step, board: BoardState, input: Input, exchange: Exchange): void {
  haveActed(step, board, exchange);
  if (board.id === step.pair.lease.owner && referenceOf(input) === null) shareWithFollowers(step, input);
  takeInOrder(step, board);
}

/** R14: a part of it has been answered: the rest of it has its own time. */
export function partAnswered({ atUs }: Step, board: BoardState, seq: Seq): void {
  const exchange = board.work.exchanges.get(seq);
  if (exchange?.state !== 'sent') return;
  exchange.legStartUs = atUs;
  exchange.repeats = 0;
}

/** R14: a frame was lost and its repeat answered: counted, told once, and never a takeover. */
export function reportIfRepeated(step: Step, board: BoardState, exchange: Exchange, frame: 'INPUT' | 'COMMIT'): void {
  const { countsRepeats } = step.pair.config.wire;
  const repeats = countsRepeats === true ? (exchange.result?.sentAgain ?? 0) : exchange.repeats;
  if (repeats === 0) return;
  // Any other is counted as it is sent.
  if (countsRepeats === true) for (let one = 0; one < repeats; one++) count(step, 'link-degraded', board.id);
  openFault(step, 'link-degraded', board.id, exchange.seq, { repeated: frame, repeats });
}

export function stopLeg(exchange: Exchange, atUs: number): void {
  exchange.spentUs += Math.max(0, atUs - exchange.legStartUs);
}

function sendTo(board: BoardState, message: ToBoard): PairEffect {
  return { type: 'send', board: board.id, session: board.session.number, message };
}
