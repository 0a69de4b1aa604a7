import { existsSync, rmSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import { CopycatError } from '../../errors/copycat-error.js';
import { migrate } from '../schema/migrations.js';
import { isDamage } from '../worker/sqlite-errors.js';
import { copyRows, INPUT_TABLES } from '../worker/tables/copy-rows.js';
import { FACT_PREFIX } from '../worker/tables/lease-table.js';
import { mergeFaults } from '../worker/tables/merge-faults.js';

export interface LedgerCopies {
  readonly ledger: string;
  readonly journal: string | null;
}

export interface WhenMade {
  /** ISO 8601. */
  readonly madeAt: string;
  readonly nowMs: number;
}

/** What became of what was in the copies. */
export interface RestoredLedger {
  /** Inputs that were in work, or whose answers are not known to have left: they are not done again (R31). */
  readonly leftOut: readonly number[];
  readonly faults: number;
}

/** Pair time beyond what was given out by then: as for a host that loses power. */
const PAIR_TIME_AHEAD_MS = 120_000;
/** Numbers passed over at least, and a seq is a u32: no more than half of those that are left. */
const SEQS_AHEAD = 1_000_000;
const LAST_SEQ = 0xff_ff_ff_ff;

/**
 * Makes one ledger of the copies, in the place of `ledger`, that says what was, and claims nothing of what is (R8, R27): the next start
 * takes it for one whose tail is lost, no board for the one that it was, and nothing for in work.
 * @throws CopycatError LEDGER_DAMAGED where the copies do not make a ledger
 */
export function restoreLedger({ ledger, journal }: LedgerCopies, when: WhenMade): RestoredLedger {
  let database: Database | null = null;
  try {
    database = new Sqlite(ledger);
    migrate(database);
    if (journal !== null) bring(journal, database);
    const restored = database.transaction((file: Database) => settle(file, when))(database);
    const check = database.pragma('integrity_check(1)', { simple: true });
    if (check !== 'ok') throw new Error(String(check));
    // One file, with nothing beside it.
    database.pragma('journal_mode = DELETE');
    return restored;
  } catch (error) {
    if (error instanceof CopycatError || !(error instanceof Error)) throw error;
    // The disk's trouble and not the backup's.
    if (error instanceof Sqlite.SqliteError && !isDamage(error)) throw error;
    throw new CopycatError('LEDGER_DAMAGED', `The ledger in the backup is damaged: ${error.message}.`, {
      cause: error,
    });
  } finally {
    database?.close();
    for (const suffix of ['-wal', '-shm']) {
      if (existsSync(ledger + suffix)) rmSync(ledger + suffix);
    }
  }
}

/** The journal knows the inputs, and faults and counts a moment ahead of the disk. */
function bring(path: string, into: Database): void {
  const from = new Sqlite(path);
  try {
    migrate(from);
    copyRows(from, into, INPUT_TABLES);
    into.transaction(() => mergeFaults(from, into))();
    const hot = from.prepare('SELECT reserved_through_seq AS seq, pair_time_ms AS ms FROM pair').get() as Ahead;
    into
      .prepare(
        `UPDATE pair SET reserved_through_seq = max(reserved_through_seq, ?), pair_time_ms = max(pair_time_ms, ?)`,
      )
      .run(hot.seq, hot.ms);
    const lease = from.prepare('SELECT epoch, owner FROM lease').get() as { epoch: number; owner: string } | undefined;
    if (lease !== undefined) {
      // The fence is in the journal first; what the disk had not yet is brought with the takeover it came of.
      into.exec('UPDATE pair SET carrying = 1');
      copyTakeovers(from, into);
      into.prepare('UPDATE lease SET epoch = ?, owner = ? WHERE epoch < ?').run(lease.epoch, lease.owner, lease.epoch);
      into.exec('UPDATE pair SET carrying = 0');
    }
    const totals = from.prepare('SELECT counter, board, total FROM counter').raw().all() as unknown[][];
    const count = into.prepare(
      `INSERT INTO counter (counter, board, total) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET total = max(total, excluded.total)`,
    );
    for (const row of totals) count.run(...row);
  } finally {
    from.close();
  }
}

interface Ahead {
  readonly seq: number;
  readonly ms: number;
}

function copyTakeovers(from: Database, into: Database): void {
  const insert = into.prepare(
    `INSERT INTO takeover (fault_id, from_board, to_board, epoch, planned, ended) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  );
  const rows = from.prepare('SELECT fault_id, from_board, to_board, epoch, planned, ended FROM takeover').raw().all();
  for (const row of rows as unknown[][]) insert.run(...row);
}

const OPEN = `(finished = 0 AND quarantined = 0) OR (emitted = 0 AND kind = 'input' AND commit_hash IS NOT NULL)`;

function settle(file: Database, { madeAt, nowMs }: WhenMade): RestoredLedger {
  const used = file
    .prepare(
      `SELECT max(reserved_through_seq, (SELECT coalesce(max(seq), 0) FROM input)) AS seq,
         max(pair_time_ms, (SELECT coalesce(max(pair_time_ms), 0) FROM input)) AS ms FROM pair`,
    )
    .get() as Ahead | undefined;
  if (used === undefined) throw new Error('no gateway has ever run on it');
  const passedMs = Math.max(0, nowMs - Date.parse(madeAt));
  file.exec('UPDATE pair SET carrying = 1');
  const leftOut = file.prepare(`SELECT seq FROM input WHERE ${OPEN} ORDER BY seq`).pluck().all() as number[];
  file.exec(`DELETE FROM attempt WHERE seq IN (SELECT seq FROM input WHERE ${OPEN});
    DELETE FROM verdict WHERE seq IN (SELECT seq FROM input WHERE ${OPEN});
    DELETE FROM input WHERE ${OPEN};
    UPDATE takeover SET ended = 1;
    UPDATE board SET boot = NULL;
    UPDATE board SET standing = 'in-sync' WHERE standing <> 'kept-out' AND (SELECT stopped FROM pair) = 0;
    DELETE FROM setting WHERE name IN ('file', '${FACT_PREFIX}known-history');`);
  // In one file, as with durability power, until a start says otherwise.
  setting(file, 'durability', 'power');
  setting(file, 'journal', '');
  setting(file, 'journalId', '');
  setting(file, `${FACT_PREFIX}restored-from`, madeAt);
  file
    .prepare(
      `UPDATE pair SET boot_id = '', host_restarted = 1, line = line + 1, carrying = 0,
         reserved_through_seq = ?, pair_time_ms = ?`,
    )
    .run(nextFrom(used, passedMs), used.ms + passedMs + PAIR_TIME_AHEAD_MS);
  return { leftOut, faults: Number(file.prepare('SELECT count(*) FROM fault').pluck().get()) };
}

function setting(file: Database, name: string, value: string): void {
  file
    .prepare(`INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value`)
    .run(name, value);
}

/** R1: above what was given out since, at twice the pace it had so far; boards that still know more are asked at the start. */
function nextFrom({ seq, ms }: Ahead, passedMs: number): number {
  const since = ms === 0 ? 0 : (seq / ms) * passedMs * 2;
  return seq + Math.floor(Math.min(SEQS_AHEAD + since, (LAST_SEQ - seq) / 2));
}
