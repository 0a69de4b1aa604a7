import { existsSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import { IS_EVENT_SQL } from '../../faults/catalogue/events.js';
import type { MemberState } from '../../pair/result/ledger-rows.js';
import { versionOf } from '../schema/migrations.js';
import { IS_REJECTED } from './read-stored-inputs.js';

/** The ledger in figures. */
export interface LedgerStats {
  readonly durability: string;
  readonly epoch: number;
  readonly owner: string;
  readonly boards: readonly { readonly board: string; readonly standing: MemberState; readonly session: number }[];
  readonly faults: number;
  readonly openFaults: number;
  /** Planned things, which are counted as no fault. */
  readonly events: number;
  /** Faults and events, most frequent first; `count` includes `repeats`, which were counted and not written. */
  readonly byCode: readonly FaultTally[];
  /** By which a board was locked out. */
  readonly takeovers: number;
  /** Planned (R26): somebody wanted it, or the relay was tested. The way back of one that failed is not counted. */
  readonly switchovers: number;
  /** Unfinished and finished inputs at hand, and how many of these the sketch rejected, probes left out (R16); null when the journal cannot be read by this user or is gone. */
  readonly inputs: { readonly unfinished: number; readonly finished: number; readonly rejected: number } | null;
  readonly counters: Readonly<Record<string, number>>;
}

export interface FaultTally {
  readonly code: string;
  readonly board: string | null;
  readonly count: number;
  readonly repeats: number;
  readonly open: number;
  /** It was planned. */
  readonly event: boolean;
  /** Of the one with the highest number: a clock may have been set back since. */
  readonly lastWallTime: string;
}

export function readStats(database: Database): LedgerStats {
  const setting = database.prepare(`SELECT value FROM setting WHERE name = ?`).pluck();
  const lease = database.prepare(`SELECT epoch, owner FROM lease`).get() as
    | { epoch: number; owner: string }
    | undefined;
  const rows = database
    .prepare(
      `SELECT code, board, count(*) + sum(repeats) AS count, sum(repeats) AS repeats,
       sum(closed_at IS NULL AND NOT ${IS_EVENT_SQL}) AS open, ${IS_EVENT_SQL} AS event,
       max(id) AS last, wall_time AS lastWallTime FROM fault GROUP BY code, board, event ORDER BY count DESC, code, event`,
    )
    .all() as (Omit<FaultTally, 'event'> & { event: number; last: number })[];
  const byCode = rows.map(({ last: _last, ...row }) => ({ ...row, event: row.event !== 0 }));
  const count = (sql: string): number => Number(database.prepare(`SELECT count(*) FROM ${sql}`).pluck().get());
  // What an older version wrote knew of no switchovers.
  const planned = versionOf(database) < 2 ? '0' : 'planned';
  const journal = String(setting.get('journal') ?? '');
  return {
    durability: String(setting.get('durability') ?? 'unknown'),
    epoch: lease?.epoch ?? 0,
    owner: lease?.owner ?? '',
    boards: database
      .prepare(`SELECT board, standing, session FROM board ORDER BY board`)
      .all() as LedgerStats['boards'][number][],
    faults: count(`fault WHERE NOT ${IS_EVENT_SQL}`),
    openFaults: count(`fault WHERE closed_at IS NULL AND NOT ${IS_EVENT_SQL}`),
    events: count(`fault WHERE ${IS_EVENT_SQL}`),
    byCode,
    takeovers: count(`takeover WHERE ${planned} = 0`),
    switchovers: count(
      `takeover WHERE ${planned} <> 0 AND fault_id NOT IN (SELECT id FROM fault WHERE code = 'switchover-failed')`,
    ),
    ...(journal === '' ? inputsOf(database) : withJournal(journal, database)),
  };
}

type Live = Pick<LedgerStats, 'inputs' | 'counters'>;

/** Inputs and the counters' last state are in the journal; without it, the disk has what was carried there. */
function withJournal(path: string, disk: Database): Live {
  if (!existsSync(path)) return { inputs: null, counters: countersOf(disk) };
  let journal: Database | null = null;
  try {
    journal = new Sqlite(path, { readonly: true });
    return inputsOf(journal);
  } catch (error) {
    // Another user's journal, or one that is being made: the disk's figures are the ones that can be had.
    if (error instanceof Sqlite.SqliteError) return { inputs: null, counters: countersOf(disk) };
    throw error;
  } finally {
    journal?.close();
  }
}

function inputsOf(database: Database): Live {
  const count = database.prepare(`SELECT count(*) FROM input WHERE finished = ? AND kind <> 'probe'`).pluck();
  const rejected = database.prepare(`SELECT count(*) FROM input WHERE finished = 1 AND ${IS_REJECTED}`).pluck();
  const inputs = { unfinished: Number(count.get(0)), finished: Number(count.get(1)) };
  return {
    inputs: { ...inputs, rejected: Number(rejected.get()) },
    counters: countersOf(database),
  };
}

function countersOf(database: Database): Record<string, number> {
  const rows = database.prepare(`SELECT counter, board, total FROM counter ORDER BY counter, board`).all();
  return Object.fromEntries(
    (rows as { counter: string; board: string; total: number }[]).map(({ counter, board, total }) => [
      board === '' ? counter : `${counter} ${board}`,
      total,
    ]),
  );
}
