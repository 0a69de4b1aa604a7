import { lstatSync, readlinkSync, type Stats } from 'node:fs';

/** What is at a path where a link to a pseudo-terminal is to be, in words such as "a file" or "a link to /srv/pump". */
export interface FoundAt {
  readonly words: string;
  readonly isSocket: boolean;
  /** Where it leads to, as a gateway leaves it: `/dev/pts/4`; null: it is anything else. */
  readonly terminal: string | null;
  readonly uid: number;
}

/** Null: nothing. Throws what the system says, where it cannot be looked at. */
export function foundAt(path: string): FoundAt | null {
  const facts = lstatSync(path, { throwIfNoEntry: false });
  if (facts === undefined) return null;
  const { uid } = facts;
  if (!facts.isSymbolicLink()) return { words: wordsOf(facts), isSocket: facts.isSocket(), terminal: null, uid };
  const to = readlinkSync(path);
  return { words: `a link to ${to}`, isSocket: false, terminal: /^\/dev\/pts\/\d+$/.test(to) ? to : null, uid };
}

function wordsOf(facts: Stats): string {
  if (facts.isDirectory()) return 'a folder';
  if (facts.isSocket()) return 'a socket';
  if (facts.isFile()) return 'a file';
  return facts.isFIFO() ? 'a pipe' : 'a device';
}
