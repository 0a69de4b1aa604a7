import type { LedgerRows } from '../../result/ledger-rows.js';
import type { LedgerRequest } from '../effects.js';

/** A fact of the ledger: when the backup was made that its file was put back from; empty once a start has dealt with it. */
const FACT = 'restored-from';

/**
 * R8, R27: a ledger that was put back from a backup says what was so then. What the boards have done since, and where the relay is, it
 * does not know; also of boards that cannot tell one life from another.
 */
export function restoredFrom({ facts }: Pick<LedgerRows, 'facts'>): string | null {
  const madeAt = facts[FACT] ?? '';
  return madeAt === '' ? null : madeAt;
}

/** The pair has a primary: from now on the ledger knows. */
export function forgetRestored(): LedgerRequest {
  return { type: 'keepFact', name: FACT, value: '' };
}
