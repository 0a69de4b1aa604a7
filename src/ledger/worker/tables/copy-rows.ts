import type { Database, Statement } from 'better-sqlite3';
import { isDamage, isRefusal } from '../sqlite-errors.js';

export interface CopiedTable {
  readonly table: string;
  readonly rows: number;
  /** False when some of the table could not be read. */
  readonly whole: boolean;
}

/** Rows looked for one by one between two damaged places. */
const SINGLE_READS = 20_000;

const JSON_COLUMNS: ReadonlySet<string> = new Set(['evidence', 'detail', 'observed']);

type Row = Record<string, unknown>;

const ALL_TABLES = [
  'pair',
  'board',
  'lease',
  'takeover',
  'input',
  'attempt',
  'verdict',
  'fault',
  'fault_step',
  'counter',
  'setting',
  'chronicle',
] as const;

export const INPUT_TABLES = ['input', 'attempt', 'verdict'] as const;

/**
 * Copies what can be read of `from` into `into`, in one transaction, with R8's constraint told that these rows have been
 * through it before. Rows that are there already stay as they are.
 */
export function copyRows(from: Database, into: Database, tables: readonly string[] = ALL_TABLES): CopiedTable[] {
  return into
    .transaction(() => {
      const copied = tables.map((table) => {
        into.exec('UPDATE pair SET carrying = 1');
        return copyTable(from, into, table);
      });
      into.exec('UPDATE pair SET carrying = 0');
      return copied;
    })
    .immediate();
}

function copyTable(from: Database, into: Database, table: string): CopiedTable {
  const there = columnsOf(from, table).map((column) => column.name);
  const columns = columnsOf(into, table)
    // An older version's file lacks what has come since; its rows get what a new row begins with.
    .filter((column) => there.includes(column.name))
    .toSorted((a, b) => b.pk - a.pk);
  if (columns.length === 0) return { table, rows: 0, whole: false };
  const names = columns.map((column) => column.name);
  const key = columns.filter((column) => column.pk > 0).map((column) => column.name);
  // Not OR IGNORE, which would leave out without a word what breaks a CHECK or NOT NULL, and nobody wrote.
  const insert = into.prepare(
    `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((name) => `@${name}`).join(', ')})
     ON CONFLICT DO NOTHING`,
  );
  const seen = new Set<string>();
  let lastKey: unknown = null;
  let garbled = 0;
  let refused = 0;
  const keep = (row: Row): void => {
    if (!isSound(row)) {
      garbled++;
      return;
    }
    const id = JSON.stringify(key.map((name) => row[name]));
    if (seen.has(id)) return;
    seen.add(id);
    lastKey = row[key[0] ?? ''];
    try {
      insert.run(row);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      refused++;
    }
  };
  // From both ends: a damaged page in the middle hides the rows behind it from one side only.
  const whole = readTill(from, table, names, key.join(', '), keep);
  if (!whole) {
    const last = lastKey;
    lastKey = null;
    readTill(from, table, names, key.map((name) => `${name} DESC`).join(', '), keep);
    const select = from.prepare(`SELECT ${names.join(', ')} FROM ${table} NOT INDEXED WHERE ${key[0]} = ?`);
    if (key.length === 1) readBetween(select, last, lastKey, keep);
  }
  return { table, rows: seen.size - refused, whole: whole && garbled + refused === 0 };
}

/** None when the file does not have the table. */
function columnsOf(database: Database, table: string): { name: string; pk: number }[] {
  return database.pragma(`table_info(${table})`) as { name: string; pk: number }[];
}

/** False when damage ended the reading. */
function readTill(
  from: Database,
  table: string,
  names: readonly string[],
  order: string,
  keep: (row: Row) => void,
): boolean {
  try {
    const rows = from.prepare(`SELECT ${names.join(', ')} FROM ${table} NOT INDEXED ORDER BY ${order}`).iterate();
    for (const row of rows) keep(row as Row);
    return true;
  } catch (error) {
    if (!isDamage(error)) throw error;
    return false;
  }
}

/** One by one between the two ends, for what lies between two damaged pages. */
function readBetween(select: Statement, low: unknown, high: unknown, keep: (row: Row) => void): void {
  if (typeof low !== 'number' || typeof high !== 'number') return;
  for (let key = low + 1; key < Math.min(high, low + SINGLE_READS); key++) {
    try {
      const row = select.get(key);
      if (row !== undefined) keep(row as Row);
    } catch (error) {
      if (!isDamage(error)) throw error;
    }
  }
}

/** A page that is damaged in part can give rows that SQLite reads and nobody wrote. */
function isSound(row: Row): boolean {
  return Object.entries(row).every(([name, value]) => {
    if (typeof value !== 'string') return true;
    return !value.includes('\uFFFD') && (!JSON_COLUMNS.has(name) || isJson(value));
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
