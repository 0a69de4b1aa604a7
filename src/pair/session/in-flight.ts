import { inputsInOrder, windowOf } from '../input/feed.js';
import { giveUpInDoubt, isInDoubt, maybeInHands, takeCopiesForDone } from '../input/in-doubt.js';
import { leaveAtWork, takeOut } from '../membership/membership.js';
import type { Seq } from '../result/messages.js';
import { leave } from '../state/accuse.js';
import { actsUnasked } from '../state/board-abilities.js';
import type { BoardState } from '../state/board-state.js';
import type { FaultDetail } from '../state/effects.js';
import { openFault } from '../state/fault-log.js';
import type { Input, PairState, Step } from '../state/pair-state.js';
import { isPlanned, otherOf } from '../state/roles.js';
import { beginQuestion } from './handshake.js';

/**
 * R31, R27: at a start, of a pair whose boards cannot tell a repeat: what either board may have had in its hands when the gateway before this
 * one died, or the pair stopped, is not given again. True: the two may differ by that.
 */
export function settleAtStart(step: Step, primary: BoardState, other: BoardState): boolean {
  const { pair } = step;
  if (pair.config.wire.abilities.repeats) return false;
  for (const board of [primary, other]) noteOwnCommits(step, board);
  const ofPrimary = maybeInHands(pair, inputsInOrder(pair, primary), mostInHands(pair, primary));
  const isIn = other.membership.state === 'in-sync';
  const ofOther = isIn ? maybeInHands(pair, copiesFor(pair, other), mostInHands(pair, other)) : [];
  settle(step, primary, ofPrimary);
  takeCopiesForDone(step, other, ofOther);
  return ofPrimary.length > 0 || ofOther.length > 0;
}

function mostInHands(pair: PairState, board: BoardState): number {
  return board.session.hello === null ? pair.config.maxWindow : windowOf(pair, board);
}

/** The ledger has what it answered, so it has acted: that this was not recorded any more changes nothing. */
function noteOwnCommits(step: Step, board: BoardState): void {
  if (!actsUnasked(step.pair) || board.membership.state !== 'in-sync') return;
  for (const { seq, commit, doneBy } of step.pair.queue.inputs.values()) {
    if (commit?.board !== board.id || doneBy.has(board.id)) continue;
    doneBy.add(board.id);
    step.effects.push({ type: 'recordDone', board: board.id, seq });
  }
}

function* copiesFor({ queue }: PairState, board: BoardState): Generator<Input> {
  for (const seq of queue.releaseOrder) {
    const input = queue.inputs.get(seq);
    if (input !== undefined && !input.quarantined && !input.doneBy.has(board.id)) yield input;
  }
}

/** What is committed has been answered: whoever waits for it has what the other board said. */
function settle(step: Step, primary: BoardState, inputs: readonly Input[], evidence: FaultDetail = {}): void {
  const isAnswered = ({ commit }: Input): boolean => commit !== null;
  takeCopiesForDone(step, primary, inputs.filter(isAnswered), evidence);
  giveUpInDoubt(
    step,
    primary,
    inputs.filter((input) => !isAnswered(input)),
    evidence,
  );
}

/**
 * R31, R14: an answer has not come in time, and there is no other board to turn to. What of its work may not be given again is given up, and
 * the board is asked whether it is there: answering, it goes on. True: it may have carried out what nobody else has.
 */
export function questionUnanswered(step: Step, board: BoardState, seq: Seq | null, evidence: FaultDetail): boolean {
  const { pair } = step;
  board.work.questions++;
  // R22: what it may have died of is held against it only if it does not answer.
  leaveAtWork(pair, board);
  const inDoubt = forgetUnanswered(pair, board);
  const mayDiffer = inDoubt.length > 0;
  const late = seq === null ? undefined : pair.queue.inputs.get(seq);
  if (late !== undefined && !inDoubt.includes(late)) {
    // What changes nothing is given once more, and not for ever.
    if (late.wasUnanswered) inDoubt.push(late);
    late.wasUnanswered = true;
  }
  if (inDoubt.length === 0) openFault(step, 'link-degraded', board.id, seq, { ...evidence, asked: true });
  if (isHeir(pair, board)) takeCopiesForDone(step, board, inDoubt, evidence);
  else settle(step, board, inDoubt, evidence);
  beginQuestion(step, board);
  return mayDiffer;
}

/**
 * Its session is open again after its link was lost. What it had not answered is given again where it can tell a repeat; otherwise it is in
 * doubt (R31): a backup joins anew for that. What it had answered it has done. False: it leaves.
 */
export function settleOverReopening(step: Step, board: BoardState): boolean {
  const { pair } = step;
  const { exchanges } = board.work;
  if (pair.config.wire.abilities.repeats) {
    exchanges.clear();
    return true;
  }
  const inDoubt = forgetUnanswered(pair, board);
  if (board.id === pair.lease.owner) hearAgain(step, board);
  if (inDoubt.length === 0 || board.membership.joining !== null) return true;
  if (isHeir(pair, board)) {
    takeCopiesForDone(step, board, inDoubt);
    return true;
  }
  if (board.id !== pair.lease.owner) {
    leave(step, board, null, 'at-once');
    return false;
  }
  settle(step, board, inDoubt);
  const other = otherOf(pair);
  // R25: so does one that is being compared: it has not had what is in doubt.
  if (other.membership.joining !== null) leave(step, other, null, 'at-once');
  else if (other.membership.state === 'in-sync') takeOut(step, other, 'set-aside');
  return true;
}

/** R10: the fence is on its way to the ledger. There is nobody else than this board, and all that it has in its hands are copies. */
function isHeir({ takeover, lease }: PairState, { id }: BoardState): boolean {
  return takeover !== null && !isPlanned(takeover) && takeover.to === id && lease.owner !== id;
}

/**
 * It is not asked again for what it has answered: that is compared, or proposed, once more (comparison.ts), because a person may have decided
 * since then what counts (R22).
 */
function hearAgain(step: Step, board: BoardState): void {
  for (const { seq, state, result, asked } of board.work.exchanges.values()) {
    const input = step.pair.queue.inputs.get(seq);
    if (state !== 'awaiting-commit' || asked || result === null || input === undefined) continue;
    input.answers.set(board.id, result);
    step.answers.push({ board, input, result });
  }
}

/** What it has answered stays with it until the ledger has that; gives what may not be given again of the rest. */
export function forgetUnanswered(pair: PairState, { work }: BoardState): Input[] {
  const inDoubt: Input[] = [];
  for (const exchange of [...work.exchanges.values()]) {
    const isAnswered = exchange.state === 'acted' || exchange.state === 'awaiting-commit';
    if (isAnswered && actsUnasked(pair)) continue;
    work.exchanges.delete(exchange.seq);
    const input = pair.queue.inputs.get(exchange.seq);
    if (input !== undefined && isInDoubt(pair, input)) inDoubt.push(input);
  }
  return inDoubt;
}
