import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import type { Subscription } from 'rxjs';
import { WallClock } from '#built/clock/clock.js';
import { openLedger } from '#built/ledger/files/open-ledger.js';
import type { LedgerOptions } from '../../src/ledger/ledger.js';
import type { LedgerHost, OpenedLedger } from '../../src/ledger/opened-ledger.js';
import type { CommitRow } from '../../src/pair/result/ledger-rows.js';
import type { LedgerRequest } from '../../src/pair/state/effects.js';
import type { LedgerAnswer } from '../../src/pair/state/events.js';
import { removePairFolder } from '../remove-pair-folder.js';

type Request<T extends LedgerRequest['type']> = Extract<LedgerRequest, { type: T }>;
type Answer<T extends LedgerAnswer['type']> = Extract<LedgerAnswer, { type: T }>;

export const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** Folders and ledgers of one test, all gone after it. */
export class LedgerKit {
  readonly folder = mkdtempSync(join(tmpdir(), 'copycat-ledger-'));
  readonly path = join(this.folder, 'pair.ledger');
  /** In memory, as a user's is: there the journal is written by the core's own thread. */
  readonly #memory = mkdtempSync('/dev/shm/copycat-ledger-');
  readonly journalFolder = join(this.#memory, 'hot');
  #open: TestLedger[] = [];

  options(more: Partial<LedgerOptions & LedgerHost> = {}): LedgerOptions & LedgerHost {
    return {
      path: this.path,
      durability: 'process',
      journalFolder: this.journalFolder,
      boards: ['a', 'b'],
      firstOwner: 'a',
      keepInputs: 1000,
      keepFaults: 100,
      fields: null,
      ...more,
    };
  }

  async open(more: Partial<LedgerOptions & LedgerHost> = {}): Promise<TestLedger> {
    const ledger = new TestLedger(await openLedger(this.options(more), new WallClock()));
    this.#open.push(ledger);
    return ledger;
  }

  /** The journal's file, for a look past our code. */
  journalPath(): string {
    const name = readdirSync(this.journalFolder).find((entry) => entry.endsWith('.journal'));
    if (name === undefined) throw new Error('no journal');
    return join(this.journalFolder, name);
  }

  /** Opens a file with bare SQLite for the time of `look`. */
  raw<Found>(path: string, checkFile: (database: Database) => Found): Found {
    const database = new Sqlite(path);
    try {
      return checkFile(database);
    } finally {
      database.close();
    }
  }

  async dispose(): Promise<void> {
    for (const ledger of this.#open) await ledger.close();
    removePairFolder(this.folder, this.#memory);
  }
}

/** A ledger whose answers are kept in the order they came, and awaited by number. */
export class TestLedger {
  readonly answers: LedgerAnswer[] = [];
  readonly #subscription: Subscription;
  #wake: () => void = () => undefined;
  #closed = false;

  constructor(readonly ledger: OpenedLedger) {
    this.#subscription = ledger.answers.subscribe((answer) => {
      this.answers.push(answer);
      this.#wake();
    });
  }

  /** Submits in one turn and resolves with the next `count` answers (default: one for each request that has one). */
  async ask(requests: readonly LedgerRequest[], count = requests.filter(hasAnswer).length): Promise<LedgerAnswer[]> {
    const from = this.answers.length;
    for (const request of requests) this.ledger.submit(request);
    while (this.answers.length < from + count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.answers.slice(from);
  }

  /** Reserves seqs 1 to 1000 and records the given ones. */
  async accept(...seqs: number[]): Promise<void> {
    await this.ask([{ type: 'reserveSeqs', throughSeq: 1000 }]);
    await this.ask(seqs.map((seq) => input(seq)));
  }

  async commit(more: Partial<Request<'requestCommit'>> & { seq: number }): Promise<string> {
    const [answer] = await this.ask([commit(more)]);
    return (answer as Answer<'commitAnswered'>).outcome;
  }

  async fence(from: string, to: string, faultId = 1, epoch = 2): Promise<Answer<'fenceRecorded'>> {
    const [answer] = await this.ask([{ type: 'recordFence', from, to, faultId, epoch, locksOut: true }]);
    return answer as Answer<'fenceRecorded'>;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.ledger.close();
    this.#subscription.unsubscribe();
  }
}

function hasAnswer(request: LedgerRequest): boolean {
  return ['recordInput', 'requestCommit', 'recordDone', 'recordFence', 'reserveSeqs', 'readHistory'].includes(
    request.type,
  );
}

export function input(seq: number, more: Partial<Request<'recordInput'>> = {}): LedgerRequest {
  return {
    type: 'recordInput',
    seq,
    ref: `tcp:${seq}`,
    kind: 'input',
    pairTimeMs: seq * 10,
    payload: bytes(seq),
    ...more,
  };
}

export function commit(more: Partial<Request<'requestCommit'>> & { seq: number }): LedgerRequest {
  const row = committed(more.seq);
  return { type: 'requestCommit', session: 1, ...row, digest: row.digest ?? 0, ...more };
}

/** What the ledger then has of it. */
export function committed(seq: number): CommitRow {
  return {
    board: 'a',
    epoch: 1,
    hash: 100 + seq,
    executionCount: seq,
    digest: 7,
    parts: [{ rejected: false, body: bytes(seq, 2) }],
    observed: [seq, -1],
  };
}
