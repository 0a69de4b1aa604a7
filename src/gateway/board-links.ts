import type { Config } from '../config/config.js';
import { type BoardLink, createBoardLink } from '../link/board-link.js';
import type { Dialect } from '../link/dialect.js';
import type { GatewayParts } from './parts.js';

/** A board that is gone is looked for again soon, and for ever. */
const RETRY = { firstUs: 100_000, maxUs: 1_000_000 };

export interface BoardLinks {
  /** By board, the third copy's too. */
  readonly all: ReadonlyMap<string, BoardLink>;
  /** Those of the pair, which are made of wire. */
  readonly ofPair: readonly BoardLink[];
}

/** The ways to the boards; none is open yet. */
export function createBoardLinks(
  { boards, thirdCopy }: Config,
  parts: Pick<GatewayParts, 'openSession' | 'openThirdCopy' | 'clock'>,
  dialect: Dialect,
): BoardLinks {
  const { clock } = parts;
  const create = (board: string, open: Parameters<typeof createBoardLink>[0]['openSession']): BoardLink =>
    createBoardLink({ dialect, board, openSession: open, clock, retry: RETRY });
  const ofPair = boards.map((board) => create(board.board, () => parts.openSession(board, dialect)));
  const third = thirdCopy === null ? [] : [create(thirdCopy.board, () => parts.openThirdCopy(thirdCopy))];
  return { all: new Map([...ofPair, ...third].map((link) => [link.board, link])), ofPair };
}
