import type { OpenFaults } from '../control/contract/status.js';
import { CopycatError } from '../errors/copycat-error.js';
import { titleOf } from '../faults/story.js';
import { openLedgerReader } from '../ledger/reader/reader.js';

/**
 * What is open in the ledger at `path`. Null when it cannot be read, as by another user: the gateway's own word is then
 * worth telling all the same, and `copycat faults` says what is the matter.
 */
export function readOpenFaults(path: string): OpenFaults | null {
  try {
    const reader = openLedgerReader(path);
    try {
      const [newest] = reader.listFaults({ open: true, limit: 1 });
      return {
        open: reader.countOpenFaults(),
        newest: newest === undefined ? null : { id: newest.id, title: titleOf(newest), wallTime: newest.wallTime },
      };
    } finally {
      reader.close();
    }
  } catch (error) {
    if (error instanceof CopycatError) return null;
    throw error;
  }
}
