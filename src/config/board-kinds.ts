import { existsSync, readdirSync, readFileSync } from 'node:fs';

const ROOT = new URL('../../', import.meta.url);

/** What comes along is named from here: the folder that holds boards/. */
function fromRoot(path: string): URL {
  return new URL(path, ROOT);
}

/** The file of a kind that comes along. */
export function boardFile(kind: string): URL {
  return fromRoot(`boards/${kind}/board.json`);
}

/** The profiles of what boards with firmware of their own speak. */
export function profileFolder(): URL {
  return fromRoot('boards/profiles/');
}

/** The kinds that come along, the likeliest first: each folder of boards/ with a board.json is one. */
export const BOARD_KINDS: readonly string[] = readdirSync(fromRoot('boards/'))
  .filter((kind) => existsSync(boardFile(kind)))
  .map((kind) => ({ kind, rank: rankOf(kind) }))
  .sort((one, other) => one.rank - other.rank || one.kind.localeCompare(other.kind))
  .map(({ kind }) => kind);

/** All that is wanted before there is a schema to read it by, which names the kinds itself. */
function rankOf(kind: string): number {
  const { rank } = JSON.parse(readFileSync(boardFile(kind), 'utf8')) as { readonly rank?: unknown };
  return typeof rank === 'number' ? rank : Infinity;
}
