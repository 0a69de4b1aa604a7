import type { BoardState } from './board-state.js';
import type { FaultCode } from './effects.js';
import { openFault } from './faults-of.js';
import { failJoining } from './join.js';
import type { Hello } from './messages.js';
import type { PairState, Step } from './pair-state.js';
import { isWitness, otherOf, ownerOf } from './roles.js';
import { stopPair, takeOut } from './standing.js';

/**
 * The relay's wires lead to certain boards: a cable in the wrong socket would have the gateway command one board and the
 * relay connect the other. So the board that was first heard at a socket is expected there from then on; one that nobody
 * knows is a replacement, and learnt. False: this board is not taken into the pair, and that was told.
 */
export function isRightBoard(step: Step, board: BoardState, hello: Hello): boolean {
  const { pair } = step;
  if (hello.unit === 0 || isWitness(pair, board)) return true;
  const wrong = whatIsWrong(pair, board, hello);
  if (wrong === null) {
    learn(step, board, hello.unit);
    return true;
  }
  // Where neither is known to be the right one the primary is believed.
  const isBelieved =
    wrong === 'identity-twice' && board.id === pair.owner && (board.unit === 0 || board.unit === hello.unit);
  refuse(step, isBelieved ? otherOf(pair) : board, hello.unit, wrong);
  if (isBelieved) learn(step, board, hello.unit);
  return isBelieved;
}

function whatIsWrong(pair: PairState, board: BoardState, { unit }: Hello): FaultCode | null {
  const neighbour = neighbourOf(pair, board);
  const isThere = neighbour.linkUp && neighbour.hello?.unit === unit;
  if (isThere) return 'identity-twice';
  return board.unit !== unit && neighbour.unit === unit ? 'boards-swapped' : null;
}

function refuse(step: Step, board: BoardState, unit: number, code: FaultCode): void {
  const { pair } = step;
  const neighbour = neighbourOf(pair, board);
  if (board.refusedUnit !== unit) {
    board.refusedUnit = unit;
    openFault(step, code, board.id, null, { unit, expected: board.unit, other: neighbour.id });
  }
  board.hello = null;
  if (board.id === pair.owner)
    return stopPair(step, `at the port of board ${board.id} there is board ${neighbour.id}`, null);
  if (board.joining !== null) return failJoining(step, board, null);
  takeOut(step, board, 'set-aside');
}

function learn(step: Step, board: BoardState, unit: number): void {
  board.refusedUnit = null;
  if (board.unit === unit) return;
  board.unit = unit;
  step.effects.push({ type: 'keepFact', name: `unit.${board.id}`, value: String(unit) });
}

/** The other of the two, whichever is the primary. */
function neighbourOf(pair: PairState, board: BoardState): BoardState {
  const other = otherOf(pair);
  return other.id === board.id ? ownerOf(pair) : other;
}
