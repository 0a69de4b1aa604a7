import { randomUUID } from 'node:crypto';
import { existsSync, lstatSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { CopycatError } from '../../errors/copycat-error.js';
import type { StoreClient } from '../client/store-client.js';
import { fileIdentity } from '../file-locks.js';
import type { StoreOptions } from '../worker/store-messages.js';

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
  /** The ledger's file is not the one that the last journal belongs to, but a copy of it. */
  readonly isCopy: boolean;
  readonly notes: readonly string[];
}

/** What is opened is taken for this process, and nobody else's then. */
export interface FileOpener {
  open(path: string, synchronous: StoreOptions['synchronous']): Promise<StoreClient>;
  close(client: StoreClient): Promise<void>;
}

/** Opens the disk's file and the journal, and finds the journal of a run with other settings. */
export async function openFiles(
  diskPath: string,
  journalPath: string | null,
  opener: FileOpener,
): Promise<LedgerFiles> {
  const notes: string[] = [];
  const disk = await opener.open(diskPath, 'full');
  const { journal: lastPath = '', journalId: lastId = '', file = '' } = disk.snapshot.settings;
  const isCopy = file !== '' && file !== fileIdentity(diskPath);
  const belongs = ({ snapshot, notes: damage }: StoreClient): boolean => {
    const { journalId = '' } = snapshot.settings;
    // A file that was damaged may have lost the name of the other.
    if (lastId === '') return disk.notes.length > 0;
    return journalId === lastId || (journalId === '' && damage.length > 0);
  };
  let hot = disk;
  let lastJournal: StoreClient | null = null;
  if (journalPath !== null) {
    hot = await opener.open(journalPath, 'off');
    if (!isNew(hot) && !belongs(hot)) {
      await opener.close(hot);
      notes.push(
        `The journal ${journalPath} is of another run of this ledger; it is kept as ${setAside(journalPath)}.`,
      );
      hot = await opener.open(journalPath, 'off');
    }
    if (!isNew(hot)) lastJournal = hot;
  }
  if (lastJournal === null && lastPath !== '' && lastPath !== journalPath && isThere(lastPath)) {
    const found = await opener.open(lastPath, 'off');
    if (belongs(found)) lastJournal = found;
    else await opener.close(found);
  }
  const keepsId = lastJournal === hot && hot !== disk;
  const opened = [...new Set([disk, hot, lastJournal])];
  return {
    disk,
    hot,
    lastJournal,
    journalGone: lastId !== '' && lastJournal === null,
    isCopy,
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

/**
 * Its inputs have been carried, and the disk's file says where they are: nobody may find them here again. A copy of a ledger
 * leaves it: the ledger that it was copied from needs it.
 */
export async function removeLastJournal({ hot, lastJournal, isCopy }: LedgerFiles, opener: FileOpener): Promise<void> {
  if (lastJournal === null || lastJournal === hot) return;
  await opener.close(lastJournal);
  if (isCopy) return;
  for (const suffix of ['', '-wal', '-shm']) rmSync(lastJournal.path + suffix, { force: true });
}

/** @throws CopycatError LEDGER_UNAVAILABLE where it cannot be told: to take a journal for gone would be to give up its inputs. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTDIR') return false;
    if (code !== 'EACCES') throw error;
    throw new CopycatError(
      'LEDGER_UNAVAILABLE',
      `The newest inputs of this ledger are in its journal ${path}, and this user may not look into its folder: the ledger was last run by another user. Start the gateway as that user, or bring the folder along: sudo chown -R NAME ${dirname(path)}. Where the inputs are not needed any more: sudo rm ${path}*`,
      { value: path, expected: 'the journal of a gateway that this user ran' },
    );
  }
}

function setAside(path: string): string {
  let number = 1;
  while (existsSync(`${path}.old-${number}`)) number++;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, `${path}.old-${number}${suffix}`);
  }
  return `${path}.old-${number}`;
}
