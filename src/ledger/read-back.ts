import type { BoardId } from '../pair/result/messages.js';

/** What the outputs of a board showed right after it had acted on an input, in their order. */
export interface ReadBack {
  readonly board: BoardId;
  readonly levels: readonly number[];
}

/** To be put behind what is in the column `read_back`; empty: nobody has heard. */
export function readBackText(board: BoardId, levels: readonly number[]): string {
  return levels.length === 0 ? '' : ` ${board}=${levels.join()}`;
}

/** The column `read_back`; what a damaged row has instead is left out. */
export function readBacksOf(column: string): ReadBack[] {
  return [...column.matchAll(/([a-z][a-z0-9-]*)=(-?\d+(?:,-?\d+)*)/g)].map(([, board = '', levels = '']) => {
    return { board, levels: levels.split(',').map(Number) };
  });
}

/** What is in two files about one input, each board once. */
export function mergeReadBacks(first: string, second: string): string {
  const known = new Set(readBacksOf(first).map(({ board }) => board));
  const more = readBacksOf(second).filter(({ board }) => !known.has(board));
  return [first, ...more.map(({ board, levels }) => readBackText(board, levels).trim())]
    .filter((text) => text !== '')
    .join(' ');
}
