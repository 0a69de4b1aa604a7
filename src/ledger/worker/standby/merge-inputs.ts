import type { Database } from 'better-sqlite3';
import type { Seq } from '../../../pair/result/messages.js';
import { mergeReadBacks } from '../../read-back.js';
import { listOf } from '../tables/read-inputs.js';
import type { InputRecord } from './mirrored-inputs.js';

const COMMIT = [
  'commit_board',
  'commit_epoch',
  'commit_hash',
  'execution_count',
  'line',
  'digest',
  'result',
  'observed',
] as const satisfies readonly (keyof InputRecord)[];

/**
 * Brings inputs to a file that has fallen behind; in the caller's transaction, while `carrying` is set. A row is replaced,
 * not changed: what the constraint has decided in one file is not asked of it again in the other, with today's lease.
 */
export function mergeInputs(standby: Database, file: Database): string[] {
  const notes: string[] = [];
  const there = file.prepare(`SELECT * FROM input WHERE seq = ?`);
  const inWork = new Set<Seq>();
  const rows: InputRecord[] = [];
  for (const here of standby.prepare(`SELECT * FROM input ORDER BY seq`).all() as InputRecord[]) {
    if (here.finished === 0) inWork.add(here.seq);
    const known = there.get(here.seq) as InputRecord | undefined;
    const { row, note } = known === undefined ? { row: here, note: null } : mergeRows(here, known);
    if (note !== null) notes.push(note);
    if (known === undefined || !isSame(row, known)) rows.push(row);
  }
  dropWhatIsOver(file, inWork);
  replace(file, rows);
  file.exec(`DELETE FROM attempt; DELETE FROM verdict`);
  copy(standby, file, 'attempt', ['seq', 'board', 'session']);
  copy(standby, file, 'verdict', ['seq', 'board', 'hash', 'verdict']);
  return notes;
}

/** Nothing that is recorded in either is taken back; of two results the one of the higher epoch stays (R8, R9). */
function mergeRows(here: InputRecord, there: InputRecord): { row: InputRecord; note: string | null } {
  const differs = here.commit_hash !== null && there.commit_hash !== null && here.commit_hash !== there.commit_hash;
  const takesThere = here.commit_hash === null || (differs && (there.commit_epoch ?? 0) >= (here.commit_epoch ?? 0));
  const row: InputRecord = {
    ...here,
    emitted: Math.max(here.emitted, there.emitted),
    finished: Math.max(here.finished, there.finished),
    dropped: Math.max(here.dropped, there.dropped),
    done_by: [...new Set([...listOf(there.done_by), ...listOf(here.done_by)])].join(','),
    read_back: mergeReadBacks(there.read_back, here.read_back),
  };
  if (takesThere) for (const column of COMMIT) Object.assign(row, { [column]: there[column] });
  return {
    row,
    note: differs ? `Input ${here.seq} was committed with another result in memory than in the file.` : null,
  };
}

function replace(file: Database, rows: readonly InputRecord[]): void {
  const remove = file.prepare(`DELETE FROM input WHERE seq = ?`);
  // All of them first: an id that one of them has given up may be another's by now.
  for (const { seq } of rows) remove.run(seq);
  // A file that could not be read when memory took over may keep an old answer under the same id.
  const removeOldRef = file.prepare(
    `DELETE FROM input WHERE ref = ? AND kind = 'input' AND (dropped = 0 OR quarantined = 1) AND finished = 1`,
  );
  const [first] = rows;
  if (first === undefined) return;
  const names = Object.keys(first);
  const values = names.map((name) => `@${name}`).join(', ');
  const insert = file.prepare(`INSERT INTO input (${names.join(', ')}) VALUES (${values})`);
  for (const row of rows) {
    if (row.kind === 'input' && (row.dropped === 0 || row.quarantined === 1)) removeOldRef.run(row.ref);
    insert.run(row);
  }
}

/** In work in the file and unknown in memory: finished there, and dropped for room. A start must not begin it anew. */
function dropWhatIsOver(file: Database, inWork: ReadonlySet<Seq>): void {
  const remove = file.prepare(`DELETE FROM input WHERE seq = ?`);
  for (const seq of file.prepare(`SELECT seq FROM input WHERE finished = 0`).pluck().all() as Seq[]) {
    if (!inWork.has(seq)) remove.run(seq);
  }
}

function copy(from: Database, into: Database, table: string, columns: readonly string[]): void {
  const insert = into.prepare(
    `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  );
  for (const row of from
    .prepare(`SELECT ${columns.join(', ')} FROM ${table}`)
    .raw()
    .all() as unknown[][])
    insert.run(...row);
}

function isSame(one: InputRecord, other: InputRecord): boolean {
  return (Object.keys(one) as (keyof InputRecord)[]).every((column) => {
    const [left, right] = [one[column], other[column]];
    if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right) === 0;
    return left === right;
  });
}
