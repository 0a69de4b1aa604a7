import { randomUUID } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import type { StoreClient } from './store-client.js';
import type { StoreOptions } from './worker/store-messages.js';

/** The files of a ledger, open. */
export interface LedgerFiles {
  readonly disk: StoreClient;
  /** Where commits are decided: the journal, or, with durability `power`, the disk's file. */
  readonly hot: StoreClient;
  /** The journal as the last run left it, which may be another file than today's; null when there was none or it is gone. */
  readonly lastJournal: StoreClient | null;
  readonly journalGone: boolean;
  /** Pairs a journal with the disk's file: one that was left behind by an older run must not be believed. */
  readonly journalId: string;
  readonly notes: readonly string[];
}

type Open = (path: string, synchronous: StoreOptions['synchronous']) => Promise<StoreClient>;

/** Opens the disk's file and the journal, and finds the journal of a run with other settings. */
export async function openFiles(diskPath: string, journalPath: string | null, open: Open): Promise<LedgerFiles> {
  const notes: string[] = [];
  const disk = await open(diskPath, 'full');
  const { journal: lastPath = '', journalId: lastId = '' } = disk.snapshot.settings;
  const belongs = ({ snapshot, notes: damage }: StoreClient): boolean => {
    const { journalId = '' } = snapshot.settings;
    // A file that was damaged may have lost the name of the other.
    if (lastId === '') return disk.notes.length > 0;
    return journalId === lastId || (journalId === '' && damage.length > 0);
  };
  let hot = disk;
  let lastJournal: StoreClient | null = null;
  if (journalPath !== null) {
    hot = await open(journalPath, 'off');
    if (!isNew(hot) && !belongs(hot)) {
      await hot.close();
      notes.push(
        `The journal ${journalPath} is of another run of this ledger; it is kept as ${setAside(journalPath)}.`,
      );
      hot = await open(journalPath, 'off');
    }
    if (!isNew(hot)) lastJournal = hot;
  }
  if (lastJournal === null && lastPath !== '' && lastPath !== journalPath && existsSync(lastPath)) {
    const found = await open(lastPath, 'off');
    if (belongs(found)) lastJournal = found;
    else await found.close();
  }
  const keepsId = lastJournal === hot && hot !== disk;
  const opened = [...new Set([disk, hot, lastJournal])];
  return {
    disk,
    hot,
    lastJournal,
    journalGone: lastId !== '' && lastJournal === null,
    journalId: hot === disk ? '' : keepsId && lastId !== '' ? lastId : randomUUID(),
    notes: [...opened.flatMap((client) => client?.notes ?? []), ...notes],
  };
}

/** Nothing has ever been recorded in it. */
export function isNew({ snapshot }: Pick<StoreClient, 'snapshot'>): boolean {
  return snapshot.lease === null && snapshot.highestSeq === 0;
}

/** Brings the faults to the disk's file that it had not yet taken when the last gateway was killed. */
export async function carryFaults({ disk, lastJournal }: LedgerFiles): Promise<void> {
  if (lastJournal !== null && lastJournal !== disk) await disk.carry(lastJournal.path, 'faults');
}

/** Brings the inputs of a run with other settings to where commits are decided now. */
export async function carryInputs({ disk, hot, lastJournal }: LedgerFiles): Promise<void> {
  if (lastJournal !== null && lastJournal !== hot) await hot.carry(lastJournal.path, 'inputs');
  if (hot !== disk && disk.snapshot.highestSeq > 0) await hot.carry(disk.path, 'inputs');
}

/** Its inputs have been carried, and the disk's file says where they are: nobody may find them here again. */
export async function removeLastJournal({ hot, lastJournal }: LedgerFiles): Promise<void> {
  if (lastJournal === null || lastJournal === hot) return;
  await lastJournal.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(lastJournal.path + suffix, { force: true });
}

function setAside(path: string): string {
  let number = 1;
  while (existsSync(`${path}.old-${number}`)) number++;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, `${path}.old-${number}${suffix}`);
  }
  return `${path}.old-${number}`;
}
