import type { BoardState } from '../state/board-state.js';
import { noteFault } from '../state/fault-log.js';
import type { PairState, Step } from '../state/pair-state.js';
import { boardOf, primaryOf } from '../state/roles.js';

/** A microcontroller restarts after far less (ATmega328P data sheet, 28.3: 2.5 us); the capacitor of a DTR reset needs more. */
const RESET_PULSE_US = 100_000;

/**
 * R13: a hung board holds its pins. Where its RESET is wired it is restarted once it has left the pair, but not before the
 * relay stands elsewhere, so that its floating pins never reach the actuator (R10).
 */
export function restartThroughReset(step: Step, board: BoardState, faultId: number | null): void {
  if (!step.pair.config.resetLines.includes(board.id)) return;
  board.reset.untilUs = step.atUs + RESET_PULSE_US;
  if (faultId !== null) noteFault(step, faultId, 'reset', { board: board.id, held: isLatched(step.pair, board) });
}

/** R10: the contact may stand at the board that is not the primary. */
export function mayBeAtTheContact({ takeover, relay: { isAway: relayAway } }: PairState): boolean {
  return relayAway || (takeover !== null && !takeover.relayMoved);
}

/** Called after every event: asks for what the lines are to be, where that has changed or is not known. */
export function continueLines(step: Step): void {
  const { pair, atUs, effects } = step;
  for (const id of pair.config.resetLines) {
    const board = boardOf(pair, id);
    if (board.reset.untilUs !== null && atUs >= board.reset.untilUs) board.reset.untilUs = null;
    const held = isHeldInReset(pair, board);
    if (board.reset.isHeld === held) continue;
    board.reset.isHeld = held;
    effects.push({ type: held ? 'holdReset' : 'releaseReset', board: id });
    // R25: it can say who it is from now on.
    if (!held) board.membership.joinFromUs = Math.max(board.membership.joinFromUs, atUs);
  }
  if (pair.config.stopMeans !== 'cut-off') return;
  const isCutOff = pair.phase === 'stopped' || mayBeTheLockedOutBoard(pair);
  if (pair.relay.cutOff === isCutOff) return;
  pair.relay.cutOff = isCutOff;
  effects.push({ type: 'cutOff', cut: isCutOff });
}

/**
 * R10, R27: the lost tail of the ledger may have held the fence: until the boards have said who had taken over, and the
 * relay stands there, the contact may be at the board that was locked out. So too where a person lets a stopped pair go on.
 */
function mayBeTheLockedOutBoard(pair: PairState): boolean {
  if (pair.relay.cutOff === false) return false;
  const isLeadKnown = !pair.start.tailMayBeLost || primaryOf(pair).session.state === 'open';
  return !isLeadKnown || (pair.relay.cutOff === true && mayBeAtTheContact(pair));
}

/** What the line of this board's RESET is to show now; also what it is to begin with at a start. */
export function isHeldInReset(pair: PairState, board: BoardState): boolean {
  // R26: whoever flashes it does so through its bootloader.
  if (pair.update?.board === board.id && pair.update.stage === 'flashing') return false;
  if (pair.phase === 'stopped' && pair.config.stopMeans === 'reset-both') return true;
  return board.reset.untilUs !== null || isLatched(pair, board);
}

/**
 * R13: what the relay connects without power is held off for as long as it is locked out, so that a gateway without power
 * does not give it the actuator; until then a person has let it in again.
 */
export function isLatched(pair: PairState, board: BoardState): boolean {
  const isOut = board.membership.state === 'locked-out' || board.membership.state === 'kept-out';
  // R10: not before the relay has moved; but when a relay is asked anew, nobody is let go for that.
  const hasMoved = pair.takeover === null || pair.takeover.relayMoved || board.reset.isHeld === true;
  return board.id === pair.config.latchedReset && board.id !== pair.lease.owner && isOut && hasMoved;
}

/** When `continueLines` next wants to hear the time. */
export function resetUntilUs(pair: PairState): number | null {
  const times = [...pair.boards.values()].flatMap((board) =>
    board.reset.untilUs === null ? [] : [board.reset.untilUs],
  );
  return times.length === 0 ? null : Math.min(...times);
}
