import { mkdirSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { CopycatError } from '../../../errors/copycat-error.js';
import { ensurePrivateFolder } from '../../../private-files/private-folder.js';
import { type OpenedStore, openStore } from '../open-store.js';
import { isLockedOut, isStorageTrouble } from '../sqlite-errors.js';
import type { Store, StoreOutcome } from '../store.js';
import type {
  CarriedRows,
  FromWorker,
  Standby,
  StoreAnswer,
  StoreOptions,
  StoreRequest,
  StoreWritten,
} from '../store-messages.js';
import { copyRows } from '../tables/copy-rows.js';
import { FileIdentity } from './file-identity.js';
import { markInMemory, unmark } from './memory-marker.js';
import { mergeBack } from './merge-back.js';
import { StandbyStore } from './standby-store.js';

/** Beyond so much memory finished inputs are dropped, and then new inputs wait; those in work still get their commits. */
const STANDBY_BYTES = 32 * 1024 * 1024;

/** A disk that has less room left than this is still full: a transaction would fit today, and the next one not. */
const ROOM_BYTES = 256 * 1024;

type FileChecked = Extract<FromWorker, { type: 'fileChecked' }>;

/**
 * R17: a file, and the store in memory that goes on in its place while it cannot be written: full, failing, read-only,
 * damaged, removed. What was answered is in one of the two, and decided by the same constraint.
 *
 *   file ──(a batch fails, or its path names it no more)──▶ memory ──(merged back: `look`)──▶ file
 */
export class GuardedStore {
  /** Null while nothing could be opened. */
  #file: Store | null;
  #identity: FileIdentity;
  #standby: StandbyStore;
  #trouble: { code: string; message: string } | null = null;
  /** The connection is not to be written through again: its file is damaged, or gone. */
  #mustReopen = false;
  #held: Extract<StoreRequest, { type: 'recordInput' }>[] = [];
  #notes: string[] = [];

  constructor(
    private readonly options: StoreOptions,
    opened: OpenedStore,
    private readonly standbyBytes = STANDBY_BYTES,
    /** Told of each file that may be another than before, when it is opened. */
    private readonly taken: (path: string, isNew?: boolean) => void = () => undefined,
  ) {
    this.#file = opened.store;
    this.#standby = new StandbyStore(options, opened.store.database);
    this.#identity = new FileIdentity(options.path);
  }

  write(requests: readonly StoreRequest[]): FromWorker {
    if (this.#trouble !== null) return this.#writeStandby(requests);
    if (this.#file === null) return { type: 'failed', code: 'CLOSED', message: 'the file is closed' };
    // A start does not begin in memory: it says what is wrong, and a person or the service manager decides.
    if (requests.some(({ type }) => type === 'align')) return this.#align(this.#file, requests);
    const outcomes: StoreOutcome[] = [];
    const written = this.#file.write(requests, outcomes);
    if (written.type === 'written') {
      this.#standby.follow(requests, outcomes);
      return written;
    }
    // Another program's lock is not trouble with the file: the batch waits, as for a slow disk.
    if (isLockedOut(written.code)) return written;
    this.#leaveFile(written.code, written.message);
    return this.#writeStandby(requests);
  }

  /** Asked now and then: notices a file that was removed, and returns to one that can be written again. */
  checkFile(): FileChecked {
    const changed = this.#trouble === null ? this.#identity.changed() : null;
    if (changed !== null) this.#leaveFile('GONE', changed);
    const answers = this.#trouble !== null && changed === null ? this.#return() : [];
    return { type: 'fileChecked', answers, standby: this.standby, notes: this.#notes.splice(0) };
  }

  carry(fromPath: string, what: CarriedRows): FromWorker {
    const file = this.#opened();
    const carried = file.carry(fromPath, what);
    this.#follow(file);
    return carried;
  }

  close(): void {
    if (this.#trouble !== null) this.#return();
    this.#file?.close();
    this.#standby.close();
  }

  /** The file as it is open now; null while none could be opened. */
  get file(): Database | null {
    return this.#file?.database ?? null;
  }

  get standby(): Standby | null {
    if (this.#trouble === null) return null;
    const { droppedInputs, droppedFaults } = this.#standby;
    return { ...this.#trouble, droppedInputs, droppedFaults, heldInputs: this.#held.length };
  }

  #align(file: Store, requests: readonly StoreRequest[]): FromWorker {
    const written = file.write(requests);
    if (written.type === 'written') this.#follow(file);
    return written;
  }

  /** The standby store begins anew with what the file has now. */
  #follow(file: Store): void {
    this.#standby.close();
    this.#standby = new StandbyStore(this.options, file.database);
    this.#identity = new FileIdentity(this.options.path);
  }

  #opened(): Store {
    if (this.#file === null) throw new CopycatError('LEDGER_UNAVAILABLE', `${this.options.path} is not open.`);
    return this.#file;
  }

  #leaveFile(code: string, message: string): void {
    this.#trouble = { code, message };
    // Full and read-only go away by themselves; through a connection that has seen anything else nothing is written again.
    this.#mustReopen = !/^SQLITE_(FULL|READONLY)$/.test(code);
    this.#standby.takeOver(this.#file?.database ?? null);
    const unmarked = markInMemory(this.options.markers ?? []);
    if (unmarked !== null) this.#notes.push(`A start would not know that the ledger went on in memory: ${unmarked}.`);
  }

  #writeStandby(requests: readonly StoreRequest[]): FromWorker {
    const fits = this.#hasRoom();
    const held = this.#held.splice(0);
    const taken: StoreRequest[] = [...held, ...requests];
    // R6: what is in work goes on; what is new is not accepted, and upstream hears that the gateway is full.
    if (!fits) this.#held = taken.filter((request) => request.type === 'recordInput');
    const written = this.#standby.write(fits ? taken : taken.filter(({ type }) => type !== 'recordInput'));
    return written.type === 'failed' ? written : { standby: this.standby, ...written };
  }

  #hasRoom(): boolean {
    if (this.#standby.bytes < this.standbyBytes) return true;
    this.#standby.dropFinished();
    return this.#standby.bytes < this.standbyBytes;
  }

  /** Merges memory back into the file; while that fails, memory goes on. */
  #return(): readonly StoreAnswer[] {
    try {
      if (this.#trouble?.code === 'SQLITE_FULL' && !hasRoom(this.options.path)) return this.#retryHeld();
      const file = this.#usableFile();
      this.#notes.push(...mergeBack(this.#standby.database, file.database));
      file.recount();
      this.#trouble = null;
      this.#mustReopen = false;
      this.#follow(file);
      const marked = unmark(this.options.markers ?? []);
      if (marked !== null) this.#notes.push(`The next start will take the ledger for older than it is: ${marked}.`);
    } catch (error) {
      this.#trouble = this.#stillTrouble(error);
      return this.#retryHeld();
    }
    const held = this.#held.splice(0);
    return held.length === 0 ? [] : answersOf(this.write(held));
  }

  #retryHeld(): readonly StoreAnswer[] {
    return this.#held.length === 0 ? [] : answersOf(this.#writeStandby([]));
  }

  #usableFile(): Store {
    if (this.#file !== null && !this.#mustReopen && this.#identity.changed() === null) return this.#file;
    const { path, isJournal = false } = this.options;
    const isKnown = isJournal || this.#identity.changed() === null;
    const old = this.#closeOld();
    if (isJournal) ensurePrivateFolder(dirname(path));
    else mkdirSync(dirname(path), { recursive: true });
    const { store, snapshot, notes } = openStore({ ...this.options, isKnown }, this.taken);
    this.#file = store;
    this.#notes.push(...notes);
    this.#identity = new FileIdentity(this.options.path);
    // A new file where the old one was removed: what can still be read of that is older than nothing that is here.
    if (old !== null && snapshot.lease === null) copyRows(old, store.database);
    old?.close();
    this.#mustReopen = false;
    return store;
  }

  /** What can be read of the file that is left. It is closed before its path is used again: closing it removes a log there. */
  #closeOld(): Database | null {
    const old = this.#file;
    this.#file = null;
    if (old === null) return null;
    const copy = this.#identity.changed() === null ? null : copyOf(old.database);
    old.close();
    return copy;
  }

  #stillTrouble(error: unknown): { code: string; message: string } {
    if (isStorageTrouble(error)) {
      this.#mustReopen ||= !/^SQLITE_(FULL|READONLY|BUSY)$/.test(error.code);
      return { code: error.code, message: error.message };
    }
    const { code } = error as NodeJS.ErrnoException;
    if (!(error instanceof CopycatError) && (code === undefined || !(error instanceof Error))) throw error;
    this.#mustReopen = true;
    return { code: code ?? 'UNUSABLE', message: (error as Error).message };
  }
}

function hasRoom(path: string): boolean {
  const { bavail, bsize } = statfsSync(dirname(path));
  return bavail * bsize >= ROOM_BYTES;
}

function answersOf(message: FromWorker): readonly StoreAnswer[] {
  return message.type === 'written' ? (message satisfies StoreWritten).answers : [];
}

/** Every page that can still be read, in memory; null when that is not all of them. */
function copyOf(database: Database): Database | null {
  try {
    const pages = database.serialize();
    // Bytes 18 and 19 say that there is a write-ahead log: what it held is in these pages, and memory has none.
    pages.fill(1, 18, 20);
    return new Sqlite(pages);
  } catch (error) {
    if (!isStorageTrouble(error)) throw error;
    return null;
  }
}
