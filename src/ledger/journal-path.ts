import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** Enough of the hash that two ledgers of one host do not meet. */
const HASH_DIGITS = 12;

/** Where the hot journal of a ledger lies: one file a ledger, found again by a restarted gateway from the path alone. */
export function journalPathOf(ledgerPath: string, journalFolder: string): string {
  const absolute = resolve(ledgerPath);
  const real = join(realpathSync(dirname(absolute)), basename(absolute));
  const hash = createHash('sha256').update(real).digest('hex').slice(0, HASH_DIGITS);
  return join(resolve(journalFolder), `${basename(absolute)}-${hash}.journal`);
}

/** Where a running gateway says that its inputs are in memory alone (R17): beside either file, whichever can be written. */
export function markerPathsOf(ledgerPath: string, journalFolder: string): readonly string[] {
  const journal = journalPathOf(ledgerPath, journalFolder);
  return [`${journal.replace(/\.journal$/, '')}.in-memory`, `${resolve(ledgerPath)}.in-memory`];
}
