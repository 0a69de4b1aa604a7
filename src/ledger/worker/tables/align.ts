import type { Database } from 'better-sqlite3';
import type { Alignment, CounterTotal } from '../store-messages.js';

/** Brings a file to what the ledger as a whole knows; in the caller's transaction. Nothing in it goes backwards. While
 * `carrying` is set the constraints let pass what they have decided before. */
export function align(database: Database, to: Alignment): void {
  const run = (sql: string, ...values: unknown[]): void => {
    database.prepare(sql).run(...values);
  };
  run(`INSERT INTO pair (id, boot_id) VALUES (1, ?) ON CONFLICT DO NOTHING`, to.bootId);
  run(
    `UPDATE pair SET boot_id = ?, host_restarted = ?, reserved_through_seq = max(reserved_through_seq, ?),
     pair_time_ms = max(pair_time_ms, ?), execution_count = ?, line = ?, stopped = ?, stopped_revision = ?, carrying = 1`,
    ...[to.bootId, to.hostRestarted ? 1 : 0, to.reservedThroughSeq, to.pairTimeMs],
    ...[to.executionCount, to.line, to.stopped ? 1 : 0, to.stoppedRevision],
  );
  for (const { board, standing, session, boot, exits, revision } of to.boards) {
    run(
      `INSERT INTO board (board, standing, session, boot, exits, revision) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET standing = excluded.standing, session = excluded.session, boot = excluded.boot,
       exits = excluded.exits, revision = excluded.revision`,
      ...[board, standing, session, boot, exits.join(), revision],
    );
  }
  // UPDATE before INSERT: the lease's constraint admits one row for ever, and no epoch below the one that is there.
  run(`UPDATE lease SET epoch = ?, owner = ? WHERE epoch < ?`, to.lease.epoch, to.lease.owner, to.lease.epoch);
  run(
    `INSERT INTO lease (id, epoch, owner) SELECT 1, ?, ? WHERE NOT EXISTS (SELECT 1 FROM lease)`,
    to.lease.epoch,
    to.lease.owner,
  );
  for (const { faultId, from, to: toBoard, epoch, planned, ended } of to.takeovers) {
    run(
      `INSERT INTO takeover (fault_id, from_board, to_board, epoch, planned, ended) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET ended = max(ended, excluded.ended)`,
      ...[faultId, from, toBoard, epoch, planned ? 1 : 0, ended ? 1 : 0],
    );
  }
  if (!to.keepsInputs) dropInputs(database);
  if (!to.keepsFaults) database.exec(`DELETE FROM fault_step; DELETE FROM fault`);
  setCounters(database, to.counters);
  for (const [name, value] of Object.entries(to.settings)) {
    run(
      `INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value`,
      name,
      value,
    );
  }
  run(`UPDATE pair SET carrying = 0`);
}

/** In the transaction that says where they are now: a start finds them in one file or the other. */
function dropInputs(database: Database): void {
  database.exec(`DELETE FROM input; DELETE FROM attempt; DELETE FROM verdict`);
}

/** Totals, not steps: a repeat changes nothing, and of two files the larger total is right. */
export function setCounters(database: Database, totals: readonly CounterTotal[]): void {
  const set = database.prepare(
    `INSERT INTO counter (counter, board, total) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET total = max(total, excluded.total)`,
  );
  for (const { counter, board, total } of totals) set.run(counter, board, total);
}
