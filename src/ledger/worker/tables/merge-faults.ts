import type { Database } from 'better-sqlite3';

const FAULT = `id, code, board, seq, at_us, wall_time, wall_time_trusted, boot_id, evidence, input_ref, input_kind,
  input_payload, input_result, closed_at, repeats`;

/** Brings faults and their steps to a file; in the caller's transaction. A fault that a person closed stays closed. */
export function mergeFaults(standby: Database, file: Database): void {
  const merge = file.prepare(
    `INSERT INTO fault (${FAULT}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
     input_ref = coalesce(excluded.input_ref, input_ref), input_kind = coalesce(excluded.input_kind, input_kind),
     input_payload = coalesce(excluded.input_payload, input_payload),
     input_result = coalesce(excluded.input_result, input_result),
     closed_at = coalesce(closed_at, excluded.closed_at), repeats = max(repeats, excluded.repeats)`,
  );
  const note = file.prepare(
    `INSERT INTO fault_step (fault_id, step, at_us, detail) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  for (const row of rowsOf(standby, `SELECT ${FAULT} FROM fault ORDER BY id`)) merge.run(...row);
  for (const row of rowsOf(standby, `SELECT fault_id, step, at_us, detail FROM fault_step ORDER BY id`))
    note.run(...row);
}

function rowsOf(database: Database, sql: string): unknown[][] {
  return database.prepare(sql).raw().all() as unknown[][];
}
