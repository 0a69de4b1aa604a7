import { lstatSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import { CopycatError } from '../../errors/copycat-error.js';
import type { CommitRow, InputKind } from '../../pair/result/ledger-rows.js';
import type { BoardId, Seq } from '../../pair/result/messages.js';
import { foreignOwnerText } from '../../private-files/foreign-owner.js';
import { isRejected } from '../../values/rejection.js';
import { type ReadBack, readBacksOf } from '../read-back.js';
import { exactBytes } from '../result-blob.js';
import { versionOf } from '../schema/migrations.js';
import { commitRowOf, type StoredInput as InputColumns, listOf } from '../worker/tables/read-inputs.js';
import type { InputState } from './input-states.js';

/** One input as a person looks at it. */
export interface StoredInput {
  readonly seq: Seq;
  readonly ref: string;
  readonly kind: InputKind;
  readonly state: InputState;
  readonly pairTimeMs: number;
  readonly payload: Uint8Array;
  /** What was committed for it, with its result in parts; null when nothing was. */
  readonly commit: CommitRow | null;
  /** Boards that have acted on it. */
  readonly doneBy: readonly BoardId[];
  /** What the outputs of each board showed right after it had acted, as far as that was heard and kept. */
  readonly readBacks: readonly ReadBack[];
  /** Boards that were given it while alone in charge, while it is in work or quarantined. */
  readonly attempts: readonly { readonly board: BoardId; readonly session: number }[];
  /** The answer is known to have left. */
  readonly emitted: boolean;
  readonly quarantined: boolean;
  readonly dropped: boolean;
}

export interface InputFilter {
  /** Default: all. */
  readonly state?: InputState | 'all';
  /** Only those with a lower number than this. */
  readonly before?: Seq;
  /** Most inputs to give. */
  readonly limit?: number;
}

interface Row extends Omit<InputColumns, 'attempted_by'> {
  /** Absent in a file that an older version wrote. */
  dropped?: number;
  read_back?: string;
}

/** Gives `look` the file that has the inputs: the journal, or, with durability `power`, the disk's. */
export function withInputs<Found>(disk: Database, look: (inputs: Database) => Found): Found {
  const path = String(disk.prepare(`SELECT value FROM setting WHERE name = 'journal'`).pluck().get() ?? '');
  if (path === '') return look(disk);
  if (isGone(path)) {
    throw new CopycatError(
      'LEDGER_UNAVAILABLE',
      `The inputs of this ledger were in its journal ${path}, which is gone: it does not outlive a restart of the host.`,
      { value: path, expected: 'the journal of a gateway that ran since the host was started' },
    );
  }
  let journal: Database | null = null;
  try {
    journal = new Sqlite(path, { readonly: true });
    return look(journal);
  } catch (error) {
    if (!(error instanceof Sqlite.SqliteError)) throw error;
    throw new CopycatError(
      'LEDGER_UNAVAILABLE',
      `The inputs of this ledger are in its journal ${path}, which cannot be read: ${error.message}. ${foreignOwnerText(path) ?? ''}`.trimEnd(),
      { value: path, expected: 'a journal that this user may read', cause: error },
    );
  } finally {
    journal?.close();
  }
}

/** A folder that may not be looked into says nothing about what is in it. */
function isGone(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return false;
  }
}

/** In the terms of SQL; null where nothing is committed. */
export const IS_REJECTED = `substr(result, 1, 1) = x'01'`;

export function readStoredInputs(database: Database, { state = 'all', before, limit }: InputFilter): StoredInput[] {
  // Nobody has been able to drop an input of a file that an older version wrote.
  const dropped = versionOf(database) < 2 ? '0' : 'dropped';
  const wanted = {
    pending: 'finished = 0 AND quarantined = 0',
    quarantined: 'finished = 0 AND quarantined = 1',
    dropped: `${dropped} = 1`,
    // A board marks every part of what it rejects: the first one says it (result-blob.ts).
    rejected: `finished = 1 AND ${dropped} = 0 AND ${IS_REJECTED}`,
    finished: `finished = 1 AND ${dropped} = 0 AND NOT coalesce(${IS_REJECTED}, 0)`,
    all: 'TRUE',
  }[state];
  const rows = database
    .prepare(`SELECT * FROM input WHERE kind <> 'probe' AND ${wanted} AND seq < ? ORDER BY seq DESC LIMIT ?`)
    .all(before ?? Number.MAX_SAFE_INTEGER, limit ?? -1) as Row[];
  return rows.map((row) => storedInputOf(database, row));
}

/** @throws CopycatError USAGE when there is no such input. */
export function readStoredInput(database: Database, seq: Seq): StoredInput {
  const row = database.prepare(`SELECT * FROM input WHERE seq = ?`).get(seq) as Row | undefined;
  if (row !== undefined) return storedInputOf(database, row);
  const range = database.prepare(`SELECT min(seq) AS first, max(seq) AS last FROM input`).get() as {
    first: number | null;
    last: number | null;
  };
  const there =
    range.first === null
      ? 'it has no inputs'
      : `it has ${range.first} to ${range.last}; the oldest finished ones are pruned`;
  throw new CopycatError('USAGE', `the ledger has no input ${seq}: ${there}`, { value: seq });
}

function storedInputOf(database: Database, row: Row): StoredInput {
  const attempts = database.prepare(`SELECT board, session FROM attempt WHERE seq = ? ORDER BY session, board`);
  const commit = commitRowOf(row);
  return {
    seq: row.seq,
    ref: row.ref,
    kind: row.kind,
    state: stateOf(row, commit),
    pairTimeMs: row.pair_time_ms,
    payload: exactBytes(row.payload),
    commit,
    doneBy: listOf(row.done_by),
    readBacks: readBacksOf(row.read_back ?? ''),
    attempts: attempts.all(row.seq) as StoredInput['attempts'][number][],
    emitted: row.emitted !== 0,
    quarantined: row.quarantined !== 0,
    dropped: row.dropped === 1,
  };
}

function stateOf(row: Row, commit: CommitRow | null): InputState {
  if (row.dropped === 1) return 'dropped';
  if (row.finished !== 0) return commit !== null && isRejected(commit.parts) ? 'rejected' : 'finished';
  return row.quarantined !== 0 ? 'quarantined' : 'pending';
}
