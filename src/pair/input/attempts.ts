import type { Seq } from '../result/messages.js';
import { stop } from '../state/accuse.js';
import { type BoardState, lifeNameOf } from '../state/board-state.js';
import { openFault } from '../state/fault-log.js';
import type { Input, Step } from '../state/pair-state.js';
import { isThirdCopy } from '../state/roles.js';

/** R22: which boards, in which of their lives, may have died of an input. */

/** It is, or was, at work on it in this life. */
export function recordAttempt(step: Step, board: BoardState, input: Input): void {
  input.attemptedBy.add(board.id);
  input.attemptedIn.add(lifeNameOf(board));
  step.effects.push({ type: 'recordAttempt', board: board.id, session: board.session.number, seq: input.seq });
}

/**
 * R22: a primary that lost its state while the gateway was down may have died of what it had: the oldest inputs without a
 * result, as many as a window. They are given alone from then on, so that a second death is on one of them.
 */
export function suspectOldest(step: Step, board: BoardState): void {
  const { pair } = step;
  let left = pair.config.maxWindow;
  for (const input of pair.queue.inputs.values()) {
    if (input.commit !== null || input.kind === 'recovered') continue;
    if (left-- === 0) return;
    noteAttempt(step, board, input.seq);
  }
}

/**
 * R22: in a takeover the new primary is given what is left one at a time, and that it is given is not waited for until the
 * ledger has it: one that lost its state while the gateway was down may have died of the first, whatever is recorded.
 */
export function suspectFirstOfTakeover(step: Step, board: BoardState): void {
  const {
    queue: { inputs },
    takeover,
  } = step.pair;
  for (const input of inputs.values()) {
    if (takeover?.list.has(input.seq) !== true || input.commit !== null || input.quarantined) continue;
    return recordAttempt(step, board, input);
  }
}

/** R22: what this board was at work on when it was accused is told durably, so that a second death on it is known as one. */
export function noteAttempt(step: Step, board: BoardState, seq: Seq): void {
  const input = step.pair.queue.inputs.get(seq);
  if (input === undefined || input.commit !== null) return;
  recordAttempt(step, board, input);
}

/**
 * R22: an input on which a second board dies, or the same one a second time, is never given again before a person has
 * decided. What was only under way beside it cannot be told apart from it.
 */
export function noteDeath(step: Step, board: BoardState): void {
  for (const exchange of [...board.work.exchanges.values(), ...board.work.leftAtWork]) {
    noteAttempt(step, board, exchange.seq);
    noteUnheardOf(step, board, exchange.seq);
    const input = step.pair.queue.inputs.get(exchange.seq);
    if (input === undefined || input.commit !== null || exchange.state !== 'sent' || input.attemptedIn.size < 2)
      continue;
    quarantine(step, board, input);
  }
}

/**
 * R22: another board had it in work when it was judged wrong, and has not been heard since in that life: it may have died of it, and the
 * RESET that it got then has hidden that. It counts, or a third board might die.
 */
function noteUnheardOf(step: Step, board: BoardState, seq: Seq): void {
  for (const other of step.pair.boards.values()) {
    if (other === board || isThirdCopy(step.pair, other)) continue;
    const isUnheard = other.work.leftAtWork.some((exchange) => exchange.seq === seq && exchange.state === 'sent');
    if (isUnheard) noteAttempt(step, other, seq);
  }
}

/** What it says later it has not died of. */
export function hasSurvived({ work }: BoardState, seq: Seq): void {
  if (work.leftAtWork.length > 0) work.leftAtWork = work.leftAtWork.filter((exchange) => exchange.seq !== seq);
}

/** R22, R27: the gateway restarted between the death and its notice: only the ledger knows what the board was given. */
export function noteDeathBeforeStart(step: Step, board: BoardState): void {
  for (const input of step.pair.queue.inputs.values()) {
    if (input.commit !== null || input.quarantined || input.attemptedIn.size < 2) continue;
    // What it was given since is judged by how far it came (noteDeath).
    if (board.work.exchanges.has(input.seq)) continue;
    if (input.attemptedIn.has(lifeNameOf(board))) quarantine(step, board, input);
  }
}

/**
 * R22: the board has begun a new life in a pair that had stopped, or while no gateway ran: what ended the last one was never
 * told. True: it was the second death on an input, and the pair stays stopped until a person has decided.
 */
export function stoppedByDeathsOf(step: Step, board: BoardState): boolean {
  const { inputs } = step.pair.queue;
  noteDeath(step, board);
  noteDeathBeforeStart(step, board);
  const deadly = [...inputs.values()].find(({ quarantined }) => quarantined);
  if (deadly === undefined) return false;
  stop(step, `a second board died of input ${deadly.seq}`, deadly.seq);
  return true;
}

function quarantine(step: Step, board: BoardState, input: Input): void {
  input.quarantined = true;
  step.effects.push({ type: 'quarantine', seq: input.seq });
  step.effects.push({ type: 'refuse', ref: input.ref, reason: 'quarantined' });
  const diedOnIt = [...input.attemptedBy].join(' and ');
  openFault(step, 'input-quarantined', board.id, input.seq, { diedOnIt, deaths: input.attemptedIn.size });
}
