import type { Database } from 'better-sqlite3';
import type { CommitRow, InputKind, InputRow } from '../../../pair/result/ledger-rows.js';
import { decodeParts, exactBytes } from '../../result-blob.js';

/** The columns of a commit. */
export interface StoredCommit {
  commit_board: string | null;
  commit_epoch: number;
  commit_hash: number;
  execution_count: number;
  digest: number;
  result: Uint8Array;
  observed: string;
}

export interface StoredInput extends StoredCommit {
  seq: number;
  ref: string;
  kind: InputKind;
  pair_time_ms: number;
  payload: Uint8Array;
  emitted: number;
  done_by: string;
  quarantined: number;
  finished: number;
  attempted_by: string | null;
}

export const WITH_ATTEMPTS = `SELECT input.*,
  (SELECT group_concat(DISTINCT board) FROM attempt WHERE attempt.seq = input.seq) AS attempted_by FROM input`;

/** Unfinished inputs in seq order, as the surrounding transaction sees them. */
export function readUnfinishedInputs(database: Database): InputRow[] {
  return read(database, `${WITH_ATTEMPTS} WHERE finished = 0 ORDER BY seq`);
}

/**
 * What a start has to go on with: the unfinished, and those whose answer is not known to have left, which may be both
 * boards' past already (R9: a start answers, marked as a repeat, what has a commit and no emission).
 */
export function readOpenInputs(database: Database): InputRow[] {
  return read(
    database,
    `${WITH_ATTEMPTS} WHERE finished = 0 OR (emitted = 0 AND kind = 'input' AND commit_hash IS NOT NULL) ORDER BY seq`,
  );
}

function read(database: Database, sql: string): InputRow[] {
  return (database.prepare(sql).all() as StoredInput[]).map(inputRowOf);
}

export function inputRowOf(row: StoredInput): InputRow {
  return {
    seq: row.seq,
    ref: row.ref,
    kind: row.kind,
    pairTimeMs: row.pair_time_ms,
    payload: exactBytes(row.payload),
    commit: commitRowOf(row),
    emitted: row.emitted !== 0,
    doneBy: listOf(row.done_by),
    quarantined: row.quarantined !== 0,
    finished: row.finished !== 0,
    attemptedBy: listOf(row.attempted_by ?? ''),
  };
}

export function commitRowOf(row: StoredCommit): CommitRow | null {
  if (row.commit_board === null) return null;
  return {
    board: row.commit_board,
    epoch: row.commit_epoch,
    hash: row.commit_hash,
    executionCount: row.execution_count,
    digest: row.digest,
    parts: decodeParts(row.result),
    observed: JSON.parse(row.observed) as number[],
  };
}

export function listOf(names: string): string[] {
  return names === '' ? [] : names.split(',');
}
