import { disputeDueUs } from './arbitration/arbitration.js';
import { selfTestDueUs } from './arbitration/self-test.js';
import { givesAgainUs } from './input/endings.js';
import { sendInput } from './input/feed.js';
import { probeDueUs, probeIfDue } from './input/intake.js';
import { nextJoiningUs } from './join/join.js';
import { resetUntilUs } from './membership/reset-lines.js';
import { switchoverDueUs } from './operator/switchover.js';
import { nextAskUs } from './session/handshake.js';
import { askAgainIfDue } from './session/session.js';
import { endLinkGraces, linkGraceEndsUs } from './session/switching-transient.js';
import { accuse } from './state/accuse.js';
import { mayGiveAgain } from './state/board-abilities.js';
import type { BoardState, Exchange } from './state/board-state.js';
import { count } from './state/fault-log.js';
import type { PairState, Step } from './state/pair-state.js';
import { isAccused, isThirdCopy, takesPart } from './state/roles.js';

/** R14: INPUT and COMMIT are repeated at one and two thirds of the deadline. */
const REPEATS = 2;

/** When the core next wants to hear the time; null: never, unless something happens. */
export function nextDeadlineUs(pair: PairState): number | null {
  let next: number | null = null;
  const consider = (atUs: number | null): void => {
    if (atUs !== null && (next === null || atUs < next)) next = atUs;
  };
  if (pair.phase === 'stopped') return resetUntilUs(pair);
  consider(probeDueUs(pair));
  consider(nextJoiningUs(pair));
  consider(switchoverDueUs(pair));
  consider(disputeDueUs(pair));
  consider(selfTestDueUs(pair));
  consider(linkGraceEndsUs(pair));
  consider(resetUntilUs(pair));
  consider(givesAgainUs(pair));
  for (const board of pair.boards.values()) {
    consider(nextAskUs(pair, board));
    if (!isWatched(pair, board)) continue;
    for (const exchange of board.work.exchanges.values()) {
      if (!isBoardTime(exchange)) continue;
      consider(deadlineUs(pair, board, exchange));
      consider(repeatUs(pair, board, exchange));
    }
  }
  const { takeover } = pair;
  if (takeover !== null && takeover.fencedAtUs !== null && !takeover.relayCommanded) {
    consider(takeover.fencedAtUs + pair.config.drainUs);
  }
  return next;
}

/**
 * R14: a board is at work, and what passes is put down to it. Its next deadline may be far away, and our own loop stand
 * still until just before it: whoever runs the core looks at the clock more often while this is so.
 */
export function countsBoardTime(pair: PairState): boolean {
  if (pair.phase === 'stopped') return false;
  for (const board of pair.boards.values()) {
    if (board.work.exchanges.size === 0 || isThirdCopy(pair, board) || !isWatched(pair, board)) continue;
    for (const exchange of board.work.exchanges.values()) if (isBoardTime(exchange)) return true;
  }
  return false;
}

export function timePassed(step: Step): void {
  const { pair } = step;
  if (pair.phase === 'stopped') return;
  endLinkGraces(step);
  for (const board of pair.boards.values()) {
    askAgainIfDue(step, board);
    if (isWatched(pair, board)) watch(step, board);
  }
  probeIfDue(step);
}

/** R14: what our own loop or the host stood still is nobody's board time. */
export function loopStalled(step: Step, stalledUs: number): void {
  const {
    takeover,
    switchover,
    comparison: { dispute },
    boards,
    relay: { transient },
  } = step.pair;
  if (transient !== null) transient.untilUs += stalledUs;
  if (takeover !== null && takeover.fencedAtUs !== null) takeover.fencedAtUs += stalledUs;
  if (switchover !== null) switchover.askedAtUs += stalledUs;
  if (dispute !== null) dispute.sinceUs += stalledUs;
  if (dispute?.examination != null) dispute.examination.askedAtUs += stalledUs;
  for (const board of boards.values()) {
    board.session.askedAtUs += stalledUs;
    board.work.heardAtUs += stalledUs;
    if (board.link.grace !== null) board.link.grace.untilUs += stalledUs;
    if (board.selfTest !== null) board.selfTest.askedAtUs += stalledUs;
    if (board.membership.joining !== null) {
      board.membership.joining.askedAtUs += stalledUs;
      board.membership.joining.waitingSinceUs += stalledUs;
      board.membership.joining.comparedSinceUs += stalledUs;
    }
    for (const exchange of board.work.exchanges.values()) exchange.legStartUs += stalledUs;
  }
}

function watch(step: Step, board: BoardState): void {
  const { bounded } = step.pair.config.wire.abilities;
  for (const exchange of [...board.work.exchanges.values()]) {
    if (!isBoardTime(exchange)) continue;
    if (step.atUs >= deadlineUs(step.pair, board, exchange)) {
      const waitedForMs = Math.round((exchange.spentUs + step.atUs - exchange.legStartUs) / 1000);
      return accuse(step, board, 'silent', exchange.seq, {
        waitedFor: !bounded ? 'LIFE' : exchange.state === 'committed' ? 'DONE' : 'RESULT',
        waitedForMs,
        deadlineMs: allowedUs(step.pair, board) / 1000,
        repeats: exchange.repeats,
      });
    }
    const dueUs = repeatUs(step.pair, board, exchange);
    if (dueUs !== null && step.atUs >= dueUs) repeat(step, board, exchange);
  }
}

function repeat(step: Step, board: BoardState, exchange: Exchange): void {
  const input = step.pair.queue.inputs.get(exchange.seq);
  if (input === undefined) return;
  exchange.repeats++;
  if (step.pair.config.wire.countsRepeats !== true) count(step, 'link-degraded', board.id);
  if (exchange.state === 'sent') return sendInput(step, board, input);
  if (exchange.result === null) return;
  step.effects.push({
    type: 'send',
    board: board.id,
    session: board.session.number,
    message: { kind: 'commit', seq: exchange.seq, hash: exchange.result.hash },
  });
}

/**
 * The board (and the wire) has it: the ledger's time between RESULT and COMMIT does not count (R14). An early result
 * waits for another one of its board: a gap that nothing fills must not wait for ever.
 */
function isBoardTime(exchange: Exchange): boolean {
  return exchange.state === 'sent' || exchange.state === 'out-of-order' || exchange.state === 'committed';
}

function isWatched(pair: PairState, board: BoardState): boolean {
  return board.session.state === 'open' && takesPart(board) && !isAccused(pair, board);
}

/** The third copy runs as fast as the host lets it: it holds nothing up, and may be slow. */
function allowedUs(pair: PairState, board: BoardState): number {
  return isThirdCopy(pair, board) ? pair.config.thirdCopyDeadlineUs : pair.config.deadlineUs;
}

function deadlineUs(pair: PairState, board: BoardState, exchange: Exchange): number {
  // Life instead of a deadline: one answer may take minutes, and whatever it says meanwhile shows that it lives.
  if (!pair.config.wire.abilities.bounded)
    return Math.max(exchange.legStartUs, board.work.heardAtUs) + allowedUs(pair, board);
  return exchange.legStartUs + allowedUs(pair, board) - exchange.spentUs;
}

function repeatUs(pair: PairState, board: BoardState, exchange: Exchange): number | null {
  // Nothing is lost on the way to the third copy: a repeat would only make it slower.
  if (isThirdCopy(pair, board)) return null;
  if (exchange.repeats >= REPEATS || exchange.state === 'out-of-order') return null;
  const input = pair.queue.inputs.get(exchange.seq);
  // R31: then a lost answer is a question about the board, and its deadline answers it.
  if (input === undefined || !mayGiveAgain(pair, input)) return null;
  return exchange.legStartUs + ((exchange.repeats + 1) * pair.config.deadlineUs) / (REPEATS + 1);
}
