import type { Seq } from '../result/messages.js';
import { isSurelyNotTheOther } from '../session/identity.js';
import { actsUnasked } from '../state/board-abilities.js';
import type { BoardState } from '../state/board-state.js';
import { noteFault } from '../state/fault-log.js';
import type { Step } from '../state/pair-state.js';

/** A fenced board asked for a commit and met the constraint: it learns so once its safe levels cannot reach the actuator. */
export function noteRefusedCommit(step: Step, board: BoardState, session: number, seq: Seq): void {
  // R25: what it asked in its old life is nothing to it once it joins.
  if (board.membership.state !== 'locked-out' || board.membership.joining !== null || session !== board.session.number)
    return;
  if (board.membership.violationDueFor === null && board.membership.leftBy !== null) {
    noteFault(step, board.membership.leftBy, 'late-commit-refused', { board: board.id, input: seq });
  }
  // R7: a board that waits for no leave has carried it out already, and knows no word by which it could be stopped.
  if (actsUnasked(step.pair)) return;
  board.membership.violationDueFor = seq;
  sendDueViolation(step);
}

/** R10: VIOLATION waits until the move is proved or the settle time is over. */
export function sendDueViolation(step: Step): void {
  const { pair } = step;
  if (pair.phase === 'stopped' || (pair.takeover !== null && !pair.takeover.relayMoved)) return;
  for (const board of pair.boards.values()) {
    const seq = board.membership.violationDueFor;
    if (board.membership.state !== 'locked-out' || seq === null) continue;
    // R13: its cable has been out since, and the new primary may be in a session of the same number there. The board itself
    // repeats its RESULT, and hears of it then.
    if (!board.link.isUp || !isSurelyNotTheOther(pair, board)) continue;
    board.membership.violationDueFor = null;
    if (board.membership.leftBy !== null)
      noteFault(step, board.membership.leftBy, 'violation-sent', { board: board.id, input: seq });
    step.effects.push({
      type: 'send',
      board: board.id,
      session: board.session.number,
      message: { kind: 'violation', seq },
    });
  }
}
