import type { BoardState } from '../state/board-state.js';
import { notePrimaryIsEmpty } from '../state/facts/known-history.js';
import { noteFault } from '../state/fault-log.js';
import type { PairState, Step } from '../state/pair-state.js';
import { boardOf, primaryOf } from '../state/roles.js';
import { joinsFromUs } from './fault-score.js';

/** A microcontroller restarts after far less (ATmega328P data sheet, 28.3: 2.5 us); the capacitor of a DTR reset needs more. */
const RESET_PULSE_US = 100_000;

/**
 * R13: a hung board holds its pins. Where its RESET is wired it is restarted once it has left the pair, but not before the
 * relay stands elsewhere, so that its floating pins never reach the actuator (R10).
 */
export function restartThroughReset(step: Step, board: BoardState, faultId: number | null): void {
  // Where RESET stands for the relay it is held already.
  if (!step.pair.config.resetLines.includes(board.id) || step.pair.config.handover === 'reset') return;
  board.reset.untilUs = step.atUs + RESET_PULSE_US;
  if (faultId !== null) noteFault(step, faultId, 'reset', { board: board.id, held: isLatched(step.pair, board) });
}

/** R13: without a relay the pins of whoever leaves the pair are at the actuator: it is not tried again before it has begun anew. */
export function holdOff(step: Step, board: BoardState, faultId: number): void {
  board.membership.joinFromUs = step.atUs + RESET_PULSE_US;
  noteFault(step, faultId, 'held-in-reset', { board: board.id, proved: null });
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
    const held = isHeldInReset(pair, board) || isHeldOff(pair, board, atUs);
    if (board.reset.isHeld === held) continue;
    board.reset.isHeld = held;
    effects.push({ type: held ? 'holdReset' : 'releaseReset', board: id });
    if (held && id === pair.lease.owner) notePrimaryIsEmpty(step);
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

/**
 * R13: without a relay, whoever is out of the pair is held in RESET, so that its pins are nobody's. It is let go to be tried
 * again (R25): it has begun anew then, at its safe levels, and moves no pin before it has a commit (R7).
 */
function isHeldOff(pair: PairState, board: BoardState, atUs: number): boolean {
  if (!isOutWithoutRelay(pair, board)) return false;
  return !mayBeTried(pair, board) || atUs < joinsFromUs(pair, board);
}

function isOutWithoutRelay({ config, lease, update, phase, start }: PairState, board: BoardState): boolean {
  const { state, joining } = board.membership;
  if (config.handover !== 'reset' || board.id === lease.owner || joining !== null) return false;
  if (update?.board === board.id && update.stage === 'flashing') return false;
  if (state === 'locked-out' || state === 'kept-out') return true;
  // R27: what the ledger lost may have held that it took over: nobody is made to forget what it did before that is known.
  return state === 'set-aside' && !(phase === 'starting' && start.tailMayBeLost);
}

/** But for its link: a board whose USB is its own has none while it is held. */
function mayBeTried({ phase, takeover }: PairState, { membership: { state } }: BoardState): boolean {
  return phase === 'serving' && takeover === null && (state === 'set-aside' || state === 'locked-out');
}

/** When `continueLines` next wants to hear the time. */
export function resetUntilUs(pair: PairState): number | null {
  const times = [...pair.boards.values()].flatMap((board) => {
    const { untilUs, isHeld } = board.reset;
    if (untilUs !== null) return [untilUs];
    return isHeld === true && isOutWithoutRelay(pair, board) && mayBeTried(pair, board)
      ? [joinsFromUs(pair, board)]
      : [];
  });
  return times.length === 0 ? null : Math.min(...times);
}
