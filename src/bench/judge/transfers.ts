import type { BoardName } from '../bench-board.js';
import type { ActuatorChange } from '../plant/recorder.js';
import type { Level } from './expected-run.js';

/** A contact that opens again so soon has not closed yet. */
const LONGEST_BOUNCE_US = 1000;

/** The actuator went from one board to the other. Levels are those that lasted. */
export interface Transfer {
  readonly from: BoardName;
  readonly to: BoardName;
  /** From the moment the old contact opened until the new one had stopped bouncing. */
  readonly openUs: number;
  readonly before: Level;
  readonly after: Level;
}

/** Each hand-over, in order. */
export function transfersIn(changes: readonly ActuatorChange[]): Transfer[] {
  const transfers: Transfer[] = [];
  let last: (ActuatorChange & { readonly board: BoardName }) | null = null;
  let openedUs = 0;
  for (const [index, change] of changes.entries()) {
    const { board } = change;
    if (board === null) {
      if (changes[index - 1]?.board === last?.board) openedUs = change.atUs;
      continue;
    }
    const bounces =
      changes[index + 1]?.board === null && (changes[index + 1]?.atUs ?? 0) - change.atUs < LONGEST_BOUNCE_US;
    if (last !== null && board !== last.board && bounces) continue;
    if (last !== null && board !== last.board) {
      transfers.push({ from: last.board, to: board, openUs: change.atUs - openedUs, before: last, after: change });
    }
    last = { ...change, board };
  }
  return transfers;
}
