import type { BoardName } from '../../bench-board.js';
import type { Stage } from '../stage.js';

/** One bit of the integrator: a quarter of the whole range of duty. */
const WRONG_BIT = 0x40;
const WRONG_BYTE = 1;

/**
 * The board computes its next result from a wrong integrator: the bit flips after the board has checked its state (R29) and
 * before it computes, so that the result, the output and the state are wrong, and nothing but a comparison can tell.
 */
export function miscountNext(stage: Stage, board: BoardName, then: () => void = () => undefined): void {
  const { onInput, integratorAddress } = stage.symbols;
  stage.uno(board).breakpointOnce(onInput, () => {
    stage.injectedAtUs ??= stage.world.nowUs();
    stage.uno(board).pokeRam(integratorAddress + WRONG_BYTE, WRONG_BIT);
    then();
  });
}

/** Above what the program uses and below the stack: only a test of all memory comes by it. */
const UNUSED_BYTES = 100;

/** A cell of memory that no longer changes: harmless where it is, and there to be found. */
export function breakMemory(stage: Stage, board: BoardName): void {
  stage.uno(board).stickBit(stage.symbols.stackBottom + UNUSED_BYTES, 3, 1);
}

/** The same wrong result on both boards: the primary's next input, and the copy of that very input. */
export function miscountBoth(stage: Stage, primary: BoardName, backup: BoardName): void {
  miscountNext(stage, primary, () => miscountNext(stage, backup));
}
