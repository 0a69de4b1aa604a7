import type { Database, Statement } from 'better-sqlite3';
import type { StoredFault, StoredFaultStep } from '../../faults/stored-fault.js';
import { isRejected } from '../../values/rejection.js';
import { decodeParts, exactBytes } from '../result-blob.js';

/** Rows read at a time: a listing never holds a transaction open while its reader thinks. */
const PAGE_ROWS = 100;

interface FaultRow {
  id: number;
  code: string;
  board: string | null;
  seq: number | null;
  at_us: number;
  wall_time: string;
  wall_time_trusted: number;
  boot_id: string;
  evidence: string;
  input_ref: string | null;
  input_kind: string | null;
  input_payload: Uint8Array | null;
  input_result: Uint8Array | null;
  closed_at: string | null;
  repeats: number;
}

export interface FaultQuery {
  readonly newestFirst: boolean;
  readonly open?: boolean;
  readonly limit?: number;
}

export function readFault(database: Database, id: number): StoredFault | null {
  const row = database.prepare(`SELECT * FROM fault WHERE id = ?`).get(id) as FaultRow | undefined;
  return row === undefined ? null : faultOf(row, stepsStatement(database));
}

export function* readFaults(
  database: Database,
  { newestFirst, open, limit = Infinity }: FaultQuery,
): IterableIterator<StoredFault> {
  const state = open === undefined ? 'TRUE' : open ? 'closed_at IS NULL' : 'closed_at IS NOT NULL';
  const page = database.prepare(
    newestFirst
      ? `SELECT * FROM fault WHERE id < ? AND ${state} ORDER BY id DESC LIMIT ?`
      : `SELECT * FROM fault WHERE id > ? AND ${state} ORDER BY id LIMIT ?`,
  );
  const steps = stepsStatement(database);
  let after = newestFirst ? Number.MAX_SAFE_INTEGER : -1;
  let left = limit;
  while (left > 0) {
    const rows = page.all(after, Math.min(left, PAGE_ROWS)) as FaultRow[];
    for (const row of rows) yield faultOf(row, steps);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
    left -= rows.length;
  }
}

function stepsStatement(database: Database): Statement {
  return database.prepare(`SELECT step, at_us, detail FROM fault_step WHERE fault_id = ? ORDER BY id`);
}

function faultOf(row: FaultRow, steps: Statement): StoredFault {
  const timeline = steps.all(row.id) as { step: string; at_us: number; detail: string }[];
  return {
    id: row.id,
    code: row.code,
    board: row.board,
    seq: row.seq,
    atUs: row.at_us,
    wallTime: row.wall_time,
    wallTimeTrusted: row.wall_time_trusted !== 0,
    bootId: row.boot_id,
    evidence: JSON.parse(row.evidence) as StoredFault['evidence'],
    timeline: timeline.map(stepOf),
    input: inputOf(row),
    closedAt: row.closed_at,
    repeats: row.repeats,
  };
}

function stepOf({ step, at_us, detail }: { step: string; at_us: number; detail: string }): StoredFaultStep {
  return { step, atUs: at_us, detail: JSON.parse(detail) as StoredFaultStep['detail'] };
}

function inputOf(row: FaultRow): StoredFault['input'] {
  if (row.input_ref === null || row.input_kind === null || row.input_payload === null) return null;
  const parts = row.input_result === null ? null : decodeParts(row.input_result);
  return {
    ref: row.input_ref,
    kind: row.input_kind,
    payload: exactBytes(row.input_payload),
    result: parts?.map(({ body }) => body) ?? null,
    ...(parts !== null && isRejected(parts) ? { rejected: true } : {}),
  };
}
