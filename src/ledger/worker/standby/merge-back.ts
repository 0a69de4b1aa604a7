import type { Database } from 'better-sqlite3';
import { internalError } from '../../../errors/copycat-error.js';
import { align } from '../tables/align.js';
import { mergeChronicle } from '../tables/chronicle-table.js';
import { mergeFaults } from '../tables/merge-faults.js';
import { readSnapshot } from '../tables/snapshot.js';
import { mergeInputs } from './merge-inputs.js';
import { mergeSnapshots } from './merge-snapshots.js';

/**
 * R17: brings what the standby store was told into the file, in one transaction: of lease and boards the higher epoch and
 * the later change, of everything else both. Asked again after a failure it comes to the same.
 * @returns sentences about what did not fit together; none is expected
 * @throws CopycatError LEDGER_UNAVAILABLE when the file is of another pair
 */
export function mergeBack(standby: Database, file: Database): readonly string[] {
  return file.transaction(() => mergeInto(file, standby)).immediate();
}

function mergeInto(file: Database, standby: Database): readonly string[] {
  const here = readSnapshot(standby);
  const there = readSnapshot(file);
  const [one, other] = here.boards;
  if (one === undefined || other === undefined || here.lease === null || here.bootId === null) {
    throw internalError('A standby store took over before it knew its pair');
  }
  const merged = mergeSnapshots(there, here, {
    boards: [one.board, other.board],
    firstOwner: here.lease.owner,
    bootId: here.bootId,
    journalGone: false,
  });
  align(file, {
    ...merged.alignment,
    settings: { ...there.settings, ...here.settings },
    hostRestarted: there.hostRestarted && here.hostRestarted,
    keepsInputs: true,
    keepsFaults: true,
  });
  file.exec(`UPDATE pair SET carrying = 1`);
  const notes = mergeInputs(standby, file);
  mergeFaults(standby, file);
  mergeChronicle(standby, file);
  file.exec(`UPDATE pair SET carrying = 0`);
  return notes;
}
