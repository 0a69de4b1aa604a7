import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../../clock/clock.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { StoreClient, type StoreReport } from '../client/store-client.js';
import { fileIdentity } from '../file-locks.js';
import type { LedgerOptions } from '../ledger.js';
import type { LedgerHost, OpenedLedger } from '../opened-ledger.js';
import { SqliteLedger } from '../requests/sqlite-ledger.js';
import { mergeSnapshots } from '../worker/standby/merge-snapshots.js';
import type { Alignment } from '../worker/store-messages.js';
import { alignmentsOf } from './align-files.js';
import { readBootId } from './boot-id.js';
import { markerOfJournal, markerPathsOf } from './journal-path.js';
import { carryFaults, carryInputs, type FileOpener, openFiles, removeLastJournal } from './ledger-files.js';
import { isMemoryFolder } from './memory-folder.js';
import { prepareFiles, takeJournal } from './prepare-files.js';

const TAIL_LOST =
  'The gateway before this one ended while its ledger could not be written: what was in its memory alone is lost, and is read back from the boards as far as they know it.';

/**
 * Opens the ledger, takes it for this process, brings its files to one state and starts a worker for each.
 * @throws CopycatError LEDGER_LOCKED when another gateway uses it; LEDGER_UNAVAILABLE when a file cannot be written, is of
 * a newer version or belongs to another pair; CONFIG_INVALID for a board name that the ledger cannot keep.
 */
export async function openLedger(options: LedgerOptions & LedgerHost, clock: Clock): Promise<OpenedLedger> {
  refuseNames(options.boards);
  const { keepInputs, keepFaults } = options;
  const bootId = options.bootId ?? readBootId();
  const { path, journalPath, locks, lockFolder } = prepareFiles(options);
  const decides = journalPath ?? path;
  const places = markerPathsOf(path, options.journalFolder);
  const hadJournal = journalPath !== null && existsSync(journalPath);
  const clients: StoreClient[] = [];
  try {
    // The clients report to a ledger that exists only when they do.
    let ledger: SqliteLedger | null = null;
    const report: StoreReport = {
      answered: (answers) => ledger?.answered(answers),
      changed: () => ledger?.changed(),
      noted: (notes) => ledger?.noted(notes),
    };
    const opener: FileOpener = {
      open: async (file, synchronous) => {
        const isJournal = file !== path;
        if (isJournal) takeJournal(file, locks);
        const markers = file === decides ? places : [];
        const isKnown = isJournal || hadJournal;
        const store = {
          ...{ path: file, synchronous, keepInputs, keepFaults, bootId, markers, lockFolder },
          isJournal,
          isKnown,
          // The disk's file is never written by the core's thread: an fsync may take seconds.
          isInline: isJournal && isMemoryFolder(dirname(file)),
        };
        const client = await StoreClient.open(store, clock, report, options.delay, options.inFlight);
        clients.push(client);
        return client;
      },
      close: async (client) => {
        await client.close();
        locks.release(client.path);
      },
    };
    const files = await openFiles(path, journalPath, opener);
    const { disk, hot, lastJournal, journalId } = files;
    // R17, R27: the last gateway ended while its inputs were in memory alone. Only the boards know the rest.
    const { journal: lastPath = '' } = disk.snapshot.settings;
    const markers = new Set([...places, ...(lastPath === '' ? [] : [markerOfJournal(lastPath)])]);
    const inMemory = [...markers].filter((marker) => existsSync(marker));
    const journalGone = files.journalGone || inMemory.length > 0;
    const notes = [...files.notes, ...(inMemory.length > 0 ? [TAIL_LOST] : [])];
    const { boards, firstOwner } = options;
    const merged = mergeSnapshots(disk.snapshot, lastJournal?.snapshot ?? null, {
      ...{ boards, firstOwner, bootId, journalGone },
    });
    await carryInputs(files);
    await carryFaults(files);
    const names = { journal: { path: journalPath ?? '', id: journalId }, file: fileIdentity(path) };
    const alignments = alignmentsOf(merged, options, names);
    await align(hot, alignments.hot);
    if (alignments.disk !== null) await align(disk, alignments.disk);
    await removeLastJournal(files, opener);
    // The files say by now that the tail may be gone.
    for (const marker of inMemory) rmSync(marker, { force: true });
    const wallNowMs = options.wallNowMs ?? Date.now;
    const release = (): void => locks.releaseAll();
    ledger = new SqliteLedger({ hot, disk, merged, notes, clock, wallNowMs, release });
    return ledger;
  } catch (error) {
    for (const client of clients) await client.close();
    locks.releaseAll();
    throw error;
  }
}

async function align(client: StoreClient, alignment: Alignment): Promise<void> {
  client.submit({ type: 'align', alignment });
  if (await client.settledOrTroubled()) return;
  throw new CopycatError('LEDGER_UNAVAILABLE', `The ledger cannot be written: ${client.trouble}.`);
}

function refuseNames(boards: readonly string[]): void {
  const bad = boards.find((board) => !/^[^\s,]+$/.test(board));
  if (bad === undefined) return;
  throw new CopycatError('CONFIG_INVALID', `A board cannot be named "${bad}".`, {
    value: bad,
    expected: 'a name without spaces and commas',
  });
}
