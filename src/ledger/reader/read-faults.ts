import type { Database, Statement } from 'better-sqlite3';
import { IS_EVENT_SQL, isEvent } from '../../faults/catalogue/events.js';
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

/** Which of them; what is left out leaves nothing out. */
export interface FaultFilter {
  /** Of the faults: those that are open, or those that are closed. An event is neither. */
  readonly open?: boolean;
  /** Planned things: beside the faults, alone, or not at all. Default: beside all faults, and not beside open or closed ones. */
  readonly events?: 'with' | 'only' | 'without';
  /** Wall clock, ISO 8601 in UTC: only what came then or later. */
  readonly since?: string;
  readonly board?: string;
  readonly code?: string;
  /** Only those with a higher number than this. */
  readonly after?: number;
  /** Only those with a lower number than this. */
  readonly before?: number;
  /** Most to give. */
  readonly limit?: number;
}

export interface FaultQuery extends FaultFilter {
  readonly newestFirst: boolean;
}

export function readFault(database: Database, id: number): StoredFault | null {
  const row = database.prepare(`SELECT * FROM fault WHERE id = ?`).get(id) as FaultRow | undefined;
  return row === undefined ? null : faultOf(row, stepsStatement(database));
}

export function countOpenFaults(database: Database): number {
  const count = database
    .prepare(`SELECT count(*) FROM fault WHERE ${conditionOf({ open: true })}`)
    .pluck()
    .get();
  return Number(count);
}

export function* readFaults(
  database: Database,
  { newestFirst, limit = Infinity, ...filter }: FaultQuery,
): IterableIterator<StoredFault> {
  const { after: above = -1, before: below = Number.MAX_SAFE_INTEGER } = filter;
  const wanted = `${conditionOf(filter)} AND wall_time >= ? AND board IS coalesce(?, board) AND code = coalesce(?, code) AND id > ? AND id < ?`;
  const bound = [filter.since ?? '', filter.board ?? null, filter.code ?? null, above, below];
  const page = database.prepare(
    newestFirst
      ? `SELECT * FROM fault WHERE id < ? AND ${wanted} ORDER BY id DESC LIMIT ?`
      : `SELECT * FROM fault WHERE id > ? AND ${wanted} ORDER BY id LIMIT ?`,
  );
  const steps = stepsStatement(database);
  let after = newestFirst ? below : above;
  let left = limit;
  while (left > 0) {
    const rows = page.all(after, ...bound, Math.min(left, PAGE_ROWS)) as FaultRow[];
    for (const row of rows) yield faultOf(row, steps);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
    left -= rows.length;
  }
}

function conditionOf({ open, events = open === undefined ? 'with' : 'without' }: FaultFilter): string {
  if (events === 'only') return IS_EVENT_SQL;
  const faults = open === undefined ? 'TRUE' : open ? 'closed_at IS NULL' : 'closed_at IS NOT NULL';
  return events === 'with' ? `(${faults} OR ${IS_EVENT_SQL})` : `(${faults} AND NOT ${IS_EVENT_SQL})`;
}

function stepsStatement(database: Database): Statement {
  return database.prepare(`SELECT step, at_us, detail FROM fault_step WHERE fault_id = ? ORDER BY id`);
}

function faultOf(row: FaultRow, steps: Statement): StoredFault {
  const evidence = JSON.parse(row.evidence) as StoredFault['evidence'];
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
    evidence,
    timeline: timeline.map(stepOf),
    input: inputOf(row),
    // What an older version wrote has none.
    closedAt: row.closed_at ?? (isEvent({ code: row.code, evidence }) ? row.wall_time : null),
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
