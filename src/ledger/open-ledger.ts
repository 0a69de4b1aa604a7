import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../clock/clock.js';
import { CopycatError } from '../errors/copycat-error.js';
import { alignmentsOf } from './align-files.js';
import { readBootId } from './boot-id.js';
import { journalPathOf, markerPathsOf } from './journal-path.js';
import type { LedgerOptions } from './ledger.js';
import { carryFaults, carryInputs, openFiles, removeLastJournal } from './ledger-files.js';
import { lockLedger } from './ledger-lock.js';
import { mergeSnapshots } from './merge-snapshots.js';
import type { LedgerHost, OpenedLedger } from './opened-ledger.js';
import { SqliteLedger } from './sqlite-ledger.js';
import { StoreClient, type StoreReport } from './store-client.js';
import type { Alignment } from './worker/store-messages.js';

const TAIL_LOST =
  'The gateway before this one ended while its ledger could not be written: what was in its memory alone is lost, and is read back from the boards as far as they know it.';

/**
 * Opens the ledger, takes it for this process, brings its files to one state and starts a worker for each.
 * @throws CopycatError LEDGER_LOCKED when another gateway uses it; LEDGER_UNAVAILABLE when a file cannot be written, is of
 * a newer version or belongs to another pair; CONFIG_INVALID for a board name that the ledger cannot keep.
 */
export async function openLedger(options: LedgerOptions & LedgerHost, clock: Clock): Promise<OpenedLedger> {
  refuseNames(options.boards);
  const { path, keepInputs, keepFaults } = options;
  const journalPath = prepareFolders(options);
  const bootId = options.bootId ?? readBootId();
  const release = takeLock(path);
  const markers = markerPathsOf(path, options.journalFolder);
  const clients: StoreClient[] = [];
  try {
    // The clients report to a ledger that exists only when they do.
    let ledger: SqliteLedger | null = null;
    const report: StoreReport = {
      answered: (answers) => ledger?.answered(answers),
      changed: () => ledger?.changed(),
      noted: (notes) => ledger?.noted(notes),
    };
    const files = await openFiles(path, journalPath, async (file, synchronous) => {
      const decides = file === (journalPath ?? path);
      const store = { path: file, synchronous, keepInputs, keepFaults, bootId, markers: decides ? markers : [] };
      const client = await StoreClient.open(store, clock, report, options.delay);
      clients.push(client);
      return client;
    });
    const { disk, hot, lastJournal, journalId } = files;
    // R17, R27: the last gateway ended while its inputs were in memory alone. Only the boards know the rest.
    const inMemory = markers.filter((marker) => existsSync(marker));
    const journalGone = files.journalGone || inMemory.length > 0;
    const notes = [...files.notes, ...(inMemory.length > 0 ? [TAIL_LOST] : [])];
    const { boards, firstOwner } = options;
    const merged = mergeSnapshots(disk.snapshot, lastJournal?.snapshot ?? null, {
      ...{ boards, firstOwner, bootId, journalGone },
    });
    await carryInputs(files);
    await carryFaults(files);
    const alignments = alignmentsOf(merged, options, { path: journalPath ?? '', id: journalId });
    await align(hot, alignments.hot);
    if (alignments.disk !== null) await align(disk, alignments.disk);
    await removeLastJournal(files);
    // The files say by now that the tail may be gone.
    for (const marker of inMemory) rmSync(marker, { force: true });
    const wallNowMs = options.wallNowMs ?? Date.now;
    ledger = new SqliteLedger({ hot, disk, merged, notes, clock, wallNowMs, release });
    return ledger;
  } catch (error) {
    for (const client of clients) await client.close();
    release();
    throw error;
  }
}

async function align(client: StoreClient, alignment: Alignment): Promise<void> {
  client.submit({ type: 'align', alignment });
  if (await client.settledOrTroubled()) return;
  throw new CopycatError('LEDGER_UNAVAILABLE', `The ledger cannot be written: ${client.trouble}.`);
}

/** Where the journal lies; null with durability `power`. */
function prepareFolders({ path, durability, journalFolder }: LedgerOptions): string | null {
  try {
    mkdirSync(dirname(path), { recursive: true });
    if (durability === 'power') return null;
    mkdirSync(journalFolder, { recursive: true, mode: 0o700 });
    return journalPathOf(path, journalFolder);
  } catch (error) {
    throw unavailable(path, error);
  }
}

function takeLock(path: string): () => void {
  try {
    return lockLedger(path);
  } catch (error) {
    throw error instanceof CopycatError ? error : unavailable(path, error);
  }
}

function unavailable(path: string, cause: unknown): CopycatError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new CopycatError('LEDGER_UNAVAILABLE', `The ledger ${path} cannot be used: ${why}.`, {
    value: path,
    expected: 'a file in a folder that this user may write',
    cause,
  });
}

function refuseNames(boards: readonly string[]): void {
  const bad = boards.find((board) => !/^[^\s,]+$/.test(board));
  if (bad === undefined) return;
  throw new CopycatError('CONFIG_INVALID', `A board cannot be named "${bad}".`, {
    value: bad,
    expected: 'a name without spaces and commas',
  });
}
