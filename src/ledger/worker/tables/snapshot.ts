import type { Database } from 'better-sqlite3';
import type { CounterTotal, RevisedBoardRow, Snapshot, TakeoverRow } from '../store-messages.js';
import { readOpenInputs } from './read-inputs.js';

interface PairRow {
  boot_id: string;
  host_restarted: number;
  reserved_through_seq: number;
  pair_time_ms: number;
  execution_count: number;
  line: number;
  stopped: number;
  stopped_revision: number;
}

/** Everything one file knows, read in one transaction. */
export function readSnapshot(database: Database): Snapshot {
  return database.transaction(() => snapshotOf(database))();
}

function snapshotOf(database: Database): Snapshot {
  const one = (sql: string): number => Number(database.prepare(sql).pluck().get());
  const pair = database.prepare(`SELECT * FROM pair`).get() as PairRow | undefined;
  const takeovers = database
    .prepare(
      `SELECT fault_id AS faultId, from_board AS "from", to_board AS "to", epoch, planned, ended,
         (SELECT code FROM fault WHERE id = fault_id) AS reason FROM takeover ORDER BY fault_id`,
    )
    .all() as (Omit<TakeoverRow, 'planned' | 'ended'> & { planned: number; ended: number })[];
  const boards = database.prepare(`SELECT board, standing, session, boot, exits, revision FROM board`).all() as (Omit<
    RevisedBoardRow,
    'exits'
  > & { exits: string })[];
  const settings = database.prepare(`SELECT name, value FROM setting`).all() as { name: string; value: string }[];
  return {
    bootId: pair?.boot_id ?? null,
    hostRestarted: pair?.host_restarted === 1,
    lease: (database.prepare(`SELECT epoch, owner FROM lease`).get() as Snapshot['lease'] | undefined) ?? null,
    boards: boards.map((row) => ({ ...row, exits: timesOf(row.exits) })),
    takeovers: takeovers.map((row) => ({ ...row, planned: row.planned !== 0, ended: row.ended !== 0 })),
    inputs: readOpenInputs(database),
    reservedThroughSeq: pair?.reserved_through_seq ?? 0,
    highestSeq: one(`SELECT coalesce(max(seq), 0) FROM input`),
    pairTimeMs: Math.max(pair?.pair_time_ms ?? 0, one(`SELECT coalesce(max(pair_time_ms), 0) FROM input`)),
    executionCount: pair?.execution_count ?? 0,
    line: pair?.line ?? 1,
    highestFaultId: Math.max(
      one(`SELECT coalesce(max(id), 0) FROM fault`),
      one(`SELECT coalesce(max(fault_id), 0) FROM takeover`),
    ),
    stopped: pair?.stopped === 1,
    stoppedRevision: pair?.stopped_revision ?? 0,
    counters: database.prepare(`SELECT counter, board, total FROM counter`).all() as CounterTotal[],
    settings: Object.fromEntries(settings.map(({ name, value }) => [name, value])),
  };
}

/** A damaged file may hold anything. */
function timesOf(exits: string): number[] {
  return exits
    .split(',')
    .filter((time) => /^\d{1,15}$/.test(time))
    .map(Number);
}
