import { readUserFile } from '../../config/load/read-user-file.js';
import { CopycatError } from '../../errors/copycat-error.js';

/** More rows than this are no record that a bench could play. */
const MOST_ROWS = 1_000_000;
const MOST_BYTES = 67_108_864;

/** A CSV file with a line of names, as its columns. */
export interface CsvTable {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
}

/**
 * Cells are separated by commas or semicolons, and hold none themselves; blank lines behind the last row are left out.
 * @throws CopycatError CONFIG_INVALID for a file that cannot be read, has no rows, a row of another length, or a blank line between rows: it might
 * be meant for a row that says nothing
 */
export function readCsv(path: string, shown: string): CsvTable {
  const text = readUserFile(path, { shown, what: 'the CSV file', code: 'CONFIG_INVALID', mostBytes: MOST_BYTES });
  const separator = text.split('\n', 1)[0]?.includes(';') === true ? ';' : ',';
  const lines = text
    .trimEnd()
    .split(/\r?\n/)
    .map((line, index) => ({ line: index + 1, cells: line.split(separator).map((cell) => cell.trim()) }));
  const [head, ...rows] = lines;
  if (head === undefined || rows.length === 0 || rows.length > MOST_ROWS) {
    throw invalid(shown, `a line of names, then 1 to ${MOST_ROWS} rows`, `${rows.length} rows`);
  }
  const columns = head.cells;
  const odd = rows.find(({ cells }) => cells.length !== columns.length);
  const blank = rows.find(({ cells }) => cells.every((cell) => cell === ''));
  if (blank !== undefined) throw invalid(`${shown}:${blank.line}`, 'a value in each row: it is blank', 'nothing');
  if (odd !== undefined) throw invalid(`${shown}:${odd.line}`, `${columns.length} cells`, `${odd.cells.length} cells`);
  return { columns, rows };
}

/** The cells of a column, one for each row. Throws where there is no such column, or a cell is empty. */
export function columnOf({ columns, rows }: CsvTable, name: string, shown: string): readonly CsvCell[] {
  const place = columns.indexOf(name);
  if (place < 0) throw invalid(shown, `a column called ${name}`, columns.join(', '));
  return rows.map(({ line, cells }) => {
    const text = cells[place] ?? '';
    if (text === '')
      throw invalid(`${shown}:${line}`, 'a value in each row: it has a hole', `nothing in column ${name}`);
    return { line, text };
  });
}

export interface CsvCell {
  readonly line: number;
  readonly text: string;
}

/** Throws where it is none. */
export function numberIn({ line, text }: CsvCell, shown: string): number {
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  throw invalid(`${shown}:${line}`, 'a number', text);
}

export function invalid(where: string, expected: string, value: unknown): CopycatError {
  return new CopycatError('CONFIG_INVALID', `${where}: got ${String(value)}; expected ${expected}`, {
    value,
    expected,
  });
}
