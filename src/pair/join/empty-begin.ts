import { restartThroughReset } from '../membership/reset-lines.js';
import type { Hello } from '../result/messages.js';
import type { BoardState, Joining } from '../state/board-state.js';
import type { PairState, Step } from '../state/pair-state.js';
import { primaryOf } from '../state/roles.js';

/** R25: a board that is to be given all since the primary was empty has to be empty itself. */
export function mustBeEmpty(pair: PairState): boolean {
  const { emptyAt, brokenAt } = pair.history;
  if (pair.config.wire.resync?.from !== 'start' || emptyAt === null || emptyAt < brokenAt) return false;
  return primaryOf(pair).work.executionCount > emptyAt;
}

/** With a new ledger both boards are taken to be empty: nobody has been given anything yet. */
export function isEmpty({ reset, session }: BoardState, { wasReset }: Joining, { isFresh }: Hello): boolean {
  return isFresh === true || session.number === 0 || (wasReset && reset.untilUs === null);
}

/** It is restarted where its RESET is wired, and waited for elsewhere: it is asked again and again, and does not fail for that. */
export function awaitRestart(step: Step, board: BoardState, joining: Joining): void {
  joining.step = 'resetting';
  joining.note = 'waiting until it restarts, as only then it is known to be empty';
  board.session.state = 'hello-requested';
  if (!joining.wasReset) restartThroughReset(step, board, null);
  joining.wasReset ||= board.reset.untilUs !== null;
  // Held in RESET it says nothing.
  board.session.askedAtUs = board.reset.untilUs ?? step.atUs;
  board.session.asks = 0;
}
