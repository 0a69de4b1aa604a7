import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { journalPathOf } from '../src/ledger/files/journal-path.js';
import { userFolder } from '../src/private-files/private-folder.js';

/**
 * Removes the folders of a pair with what its gateways have of them in the user's own folder in /dev/shm: the hot journal, which outlives
 * every gateway, and the locks of one that was killed.
 */
export function removePairFolder(...folders: readonly string[]): void {
  const shared = userFolder();
  for (const folder of folders) {
    if (!existsSync(folder)) continue;
    const inside = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
    const journals = inside.flatMap((path) => (path.endsWith('.sqlite') ? journalsOf(path, shared) : []));
    for (const path of [folder, ...inside, ...journals]) removeLocks(path, shared);
    for (const path of [folder, ...journals]) rmSync(path, { recursive: true, force: true });
  }
}

/** Those set aside, and what SQLite keeps beside each, too. */
function journalsOf(ledger: string, shared: string): readonly string[] {
  const name = basename(journalPathOf(ledger, shared)).replace(/\.journal$/, '.');
  return namesIn(shared).flatMap((one) => (one.startsWith(name) ? [join(shared, one)] : []));
}

/** They are named by what a file is, and those of a place by its folder. */
function removeLocks(path: string, shared: string): void {
  const facts = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (facts === undefined) return;
  const name = `${facts.dev}-${facts.ino}`;
  for (const one of namesIn(shared)) {
    if (one.startsWith(`${name}.`) || one.startsWith(`${name}-`)) rmSync(join(shared, one), { force: true });
  }
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
