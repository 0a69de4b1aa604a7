import { mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../clock/clock.js';
import { CopycatError } from '../errors/copycat-error.js';
import { readBootId } from './boot-id.js';
import { journalPathOf } from './journal-path.js';
import type { Ledger, LedgerOptions } from './ledger.js';
import { lockLedger } from './ledger-lock.js';
import { mergeSnapshots } from './merge-snapshots.js';
import { SqliteLedger } from './sqlite-ledger.js';
import { StoreClient, type StoreReport } from './store-client.js';
import type { Alignment, StoreOptions } from './worker/store-messages.js';

/** What a start has to tell besides its rows: a file that was damaged and what of it is lost, a journal set aside. */
export interface OpenedLedger extends Ledger {
  readonly notes: readonly string[];
}

/** The host as the ledger sees it; tests stand in for it. */
export interface LedgerHost {
  readonly bootId?: string;
  readonly wallNowMs?: () => number;
}

/**
 * Opens the ledger, takes it for this process, brings its files to one state and starts a worker for each.
 * @throws CopycatError LEDGER_LOCKED when another gateway uses it; LEDGER_UNAVAILABLE when a file cannot be written, is of
 * a newer version or belongs to another pair; CONFIG_INVALID for a board name that the ledger cannot keep.
 */
export async function openLedger(options: LedgerOptions & LedgerHost, clock: Clock): Promise<OpenedLedger> {
  refuseNames(options.boards);
  const files = pathsOf(options);
  const release = takeLock(options.path);
  const clients: StoreClient[] = [];
  try {
    // The clients report to a ledger that exists only when they do.
    let ledger: SqliteLedger | null = null;
    const report: StoreReport = { answered: (answers) => ledger?.answered(answers), changed: () => ledger?.changed() };
    const open = async (path: string, synchronous: StoreOptions['synchronous']): Promise<StoreClient> => {
      const { keepInputs, keepFaults } = options;
      const client = await StoreClient.open({ path, synchronous, keepInputs, keepFaults }, clock, report);
      clients.push(client);
      return client;
    };
    const notes: string[] = [];
    const disk = await open(options.path, 'full');
    const hot = files.journal === null ? disk : await openJournal(files.journal, disk, open, notes);
    notes.unshift(...clients.flatMap((client) => client.notes));
    const { journal: recordedJournal = '' } = disk.snapshot.settings;
    const merged = mergeSnapshots(disk.snapshot, hot === disk ? null : hot.snapshot, {
      boards: options.boards,
      firstOwner: options.firstOwner,
      bootId: options.bootId ?? readBootId(),
      settings: {
        durability: options.durability,
        journal: files.journal ?? '',
        fields: JSON.stringify(options.fields ?? null),
      },
      journalGone: recordedJournal !== '' && hot !== disk && hot.snapshot.lease === null,
    });
    for (const client of new Set([disk, hot])) await align(client, merged.alignment);
    const wallNowMs = options.wallNowMs ?? Date.now;
    ledger = new SqliteLedger({ hot, disk, merged, notes, clock, wallNowMs, release });
    return ledger;
  } catch (error) {
    for (const client of clients) await client.close();
    release();
    throw error;
  }
}

/** A journal that belongs to another ledger (this one's file was deleted, say) is kept, but not read. */
async function openJournal(
  path: string,
  disk: StoreClient,
  open: (path: string, synchronous: 'off') => Promise<StoreClient>,
  notes: string[],
): Promise<StoreClient> {
  const journal = await open(path, 'off');
  const [mine, its] = [disk.snapshot.ledgerId, journal.snapshot.ledgerId];
  if (its === null || its === mine) return journal;
  await journal.close();
  const aside = `${path}.of-${its.slice(0, 8)}`;
  renameSync(path, aside);
  notes.push(`The journal ${path} belongs to another ledger and was set aside as ${aside}.`);
  return open(path, 'off');
}

async function align(client: StoreClient, alignment: Alignment): Promise<void> {
  client.submit({ type: 'align', alignment });
  if (await client.settledOrTroubled()) return;
  throw new CopycatError('LEDGER_UNAVAILABLE', `The ledger cannot be written: ${client.trouble}.`);
}

function pathsOf({ path, durability, journalFolder }: LedgerOptions): { journal: string | null } {
  try {
    mkdirSync(dirname(path), { recursive: true });
    if (durability === 'power') return { journal: null };
    mkdirSync(journalFolder, { recursive: true, mode: 0o700 });
    return { journal: journalPathOf(path, journalFolder) };
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
