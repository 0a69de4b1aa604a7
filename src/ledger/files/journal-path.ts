import { createHash } from 'node:crypto';
import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** Enough of the hash that two ledgers of one host do not meet. */
const HASH_DIGITS = 12;
/** As the kernel's own (ELOOP). */
const MOST_LINKS = 40;

/** The file that `path` leads to, which need not be there yet; its folder must be. */
export function realFilePath(path: string): string {
  let at = resolve(path);
  for (let links = 0; links < MOST_LINKS; links++) {
    if (lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink() !== true) break;
    at = resolve(dirname(at), readlinkSync(at));
  }
  return join(realpathSync(dirname(at)), basename(at));
}

/**
 * Where the hot journal of a ledger lies: named by the place of the ledger's file. The file itself says where its last journal is;
 * this name finds it when the file is damaged, and has become another file by what was salvaged.
 */
export function journalPathOf(ledgerPath: string, journalFolder: string): string {
  const real = realFilePath(ledgerPath);
  const hash = createHash('sha256').update(real).digest('hex').slice(0, HASH_DIGITS);
  return join(resolve(journalFolder), `${basename(real)}-${hash}.journal`);
}

/** Where a running gateway says that its inputs are in memory alone (R17): beside either file, whichever can be written. */
export function markerPathsOf(ledgerPath: string, journalFolder: string): readonly string[] {
  return [markerOfJournal(journalPathOf(ledgerPath, journalFolder)), `${realFilePath(ledgerPath)}.in-memory`];
}

export function markerOfJournal(journalPath: string): string {
  return `${journalPath.replace(/\.journal$/, '')}.in-memory`;
}
