import { takeOut } from '../membership/membership.js';
import type { Hello } from '../result/messages.js';
import { leave, stop } from '../state/accuse.js';
import type { BoardState, Identity } from '../state/board-state.js';
import type { FaultCode } from '../state/effects.js';
import { openFault } from '../state/fault-log.js';
import type { PairState, Step } from '../state/pair-state.js';
import { isThirdCopy, otherOf } from '../state/roles.js';
import { keepMissedUnit, keepUnit, neighbourOf } from './handshake.js';

/**
 * The relay's wires lead to certain boards: a cable in the wrong socket would have the gateway command one board and the
 * relay connect the other. So the board that was first heard at a socket is expected there from then on; one that nobody
 * knows is a replacement, and learnt. False: this board is not taken into the pair, and that was told.
 */
export function isRightBoard(step: Step, board: BoardState, hello: Hello): boolean {
  const { pair } = step;
  const { unit } = hello;
  if (isThirdCopy(pair, board)) return true;
  const neighbour = neighbourOf(pair, board);
  for (const one of [board, neighbour])
    if (unit !== 0 && one.identity.missedUnit === unit) takeBackReplacement(step, one);
  const wrong = unit === 0 ? null : whatIsWrong(board, neighbour, unit);
  if (wrong === null && unit !== board.identity.unit && isRefusedAt(neighbour, board.identity.unit)) {
    // The one that is missed here is at the other port, and that was told: this one belongs there.
    shutOut(step, board);
    return false;
  }
  if (wrong === null) {
    learn(step, board, unit);
    return true;
  }
  // Where neither is known to be the right one the primary is believed.
  if (
    wrong === 'identity-twice' &&
    board.id === pair.lease.owner &&
    (board.identity.unit === 0 || board.identity.unit === unit)
  ) {
    refuse(step, otherOf(pair), unit, wrong);
    learn(step, board, unit);
    return true;
  }
  refuse(step, board, unit, wrong);
  // Where the cables are swapped, one that nobody knows at the other port belongs here.
  if (wrong === 'boards-swapped' && isStranger(neighbour)) shutOut(step, neighbour);
  return false;
}

/**
 * The one that it was taken to replace is there, so that it is a stranger again: at the other port, and the cables are swapped; or
 * back where it was missed, and they were.
 */
function takeBackReplacement(step: Step, board: BoardState): void {
  board.identity.unit = board.identity.missedUnit;
  step.effects.push({ type: 'keepFact', name: `unit.${board.id}`, value: String(board.identity.unit) });
  keepMissedUnit(step, board, 0);
}

/** False: since its cable was out, or no gateway ran, it may be the other one that speaks here, as that is not known to be at its own port. */
export function isSurelyNotTheOther(pair: PairState, board: BoardState): boolean {
  return (
    isThirdCopy(pair, board) || !board.identity.mayHaveMoved || neighbourOf(pair, board).identity.heardUnit !== null
  );
}

/** Its cable is out: who is plugged in next is to say so. */
export function forgetWhoIsThere(identity: Identity): void {
  identity.heardUnit = null;
  identity.isRefusedHere = false;
  identity.mayHaveMoved = true;
}

function whatIsWrong(board: BoardState, neighbour: BoardState, unit: number): FaultCode | null {
  if (neighbour.identity.heardUnit === unit) return 'identity-twice';
  return board.identity.unit !== unit && neighbour.identity.unit === unit ? 'boards-swapped' : null;
}

function isRefusedAt({ identity: { refusedUnit, isRefusedHere } }: BoardState, unit: number): boolean {
  return isRefusedHere && refusedUnit === unit;
}

function isStranger({ identity: { heardUnit, unit } }: BoardState): boolean {
  return heardUnit !== null && heardUnit !== 0 && unit !== 0 && heardUnit !== unit;
}

function refuse(step: Step, board: BoardState, unit: number, code: FaultCode): void {
  if (board.identity.refusedUnit !== unit) {
    board.identity.refusedUnit = unit;
    const other = neighbourOf(step.pair, board).id;
    openFault(step, code, board.id, null, { unit, expected: board.identity.unit, other });
  }
  board.identity.isRefusedHere = true;
  shutOut(step, board);
}

function shutOut(step: Step, board: BoardState): void {
  const { pair } = step;
  board.session.hello = null;
  board.identity.heardUnit = null;
  // R10: from the fence on there is nobody else.
  const leads = board.id === pair.lease.owner || board.id === pair.takeover?.to;
  if (leads) return stop(step, `at the port of board ${board.id} there is another board`, null);
  if (board.membership.joining !== null) return leave(step, board, null, 'later');
  // At once: a start is decided by who is there.
  if (board.membership.state === 'in-sync') takeOut(step, board, 'set-aside');
}

function learn(step: Step, board: BoardState, unit: number): void {
  const neighbour = neighbourOf(step.pair, board);
  board.identity.refusedUnit = null;
  board.identity.isRefusedHere = false;
  board.identity.heardUnit = unit;
  board.identity.mayHaveMoved = false;
  // Another board has another life, whatever the number of it.
  if (isStranger(board)) board.session.boot = null;
  if (board.identity.unit === 0) keepUnit(step, board);
  // A stranger may be the neighbour's replacement in the wrong socket: then the one that is missed here is there.
  if (neighbour.identity.heardUnit === null) return;
  keepUnit(step, board);
  keepUnit(step, neighbour);
  for (const one of [board, neighbour]) keepMissedUnit(step, one, 0);
}
