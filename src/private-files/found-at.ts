import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { accountText, ownUid } from './account.js';

/** What is at a path where a link to a pseudo-terminal is to be. */
export type FoundAt =
  | { readonly kind: 'nothing' }
  /** As a gateway of this user leaves it: to `/dev/pts/4`. */
  | { readonly kind: 'terminal-link'; readonly to: string }
  /** Somebody's: `words` say what, such as "a file" or "a link to /srv/pump". */
  | { readonly kind: 'other'; readonly words: string };

/** Throws what the system says, where it cannot be looked at. */
export function foundAt(path: string): FoundAt {
  const facts = lstatSync(path, { throwIfNoEntry: false });
  if (facts === undefined) return { kind: 'nothing' };
  if (!facts.isSymbolicLink()) return { kind: 'other', words: wordsOf(facts) };
  const to = readlinkSync(path);
  const isTerminal = /^\/dev\/pts\/\d+$/.test(to);
  if (isTerminal && facts.uid === ownUid()) return { kind: 'terminal-link', to };
  return { kind: 'other', words: `a link to ${to}${isTerminal ? ` of ${accountText(facts.uid)}` : ''}` };
}

function wordsOf(facts: Stats): string {
  if (facts.isDirectory()) return 'a folder';
  if (facts.isSocket()) return 'a socket';
  if (facts.isFile()) return 'a file';
  return facts.isFIFO() ? 'a pipe' : 'a device';
}
