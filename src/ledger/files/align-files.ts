import type { LedgerOptions } from '../ledger.js';
import type { Merged } from '../worker/standby/merge-snapshots.js';
import type { Alignment } from '../worker/store-messages.js';

export interface JournalName {
  /** Empty with durability `power`. */
  readonly path: string;
  readonly id: string;
}

/**
 * What each file is brought to at a start. The hot one first: the disk's file names the journal, which must be complete by
 * then. `disk` is null where both are one file. `file` tells the ledger's own file from a copy of it.
 */
export function alignmentsOf(
  merged: Merged,
  { durability, fields }: Pick<LedgerOptions, 'durability' | 'fields'>,
  { journal, file }: { readonly journal: JournalName; readonly file: string },
): { readonly hot: Alignment; readonly disk: Alignment | null } {
  const settings = {
    ...{ durability, journal: journal.path, journalId: journal.id, file },
    fields: JSON.stringify(fields ?? null),
  };
  const common = { ...merged.alignment, settings };
  return {
    hot: {
      ...common,
      hostRestarted: merged.rows.hostRestarted,
      keepsInputs: true,
      keepsFaults: durability === 'power',
    },
    disk: durability === 'power' ? null : { ...common, hostRestarted: false, keepsInputs: false, keepsFaults: true },
  };
}
