import { VERSIONS } from '../../protocol/messages.generated.js';
import type { NamedSource } from '../../values/named-field.js';
import { payloadsInCsv } from '../world-file/payloads-in-csv.js';
import { type CsvTable, columnOf, invalid, numberIn, readCsv } from '../world-file/read-csv.js';
import type { Names } from './names.js';
import type { Recording } from './recording.js';

/** In seconds, as in the CSV files of a world. */
const TIME = 'time';
const PAYLOAD = 'payload';
/** Where no column says when they came. */
const USUAL_EVERY_MS = 20;
/** Pair time begins somewhere. */
const FIRST_PAIR_TIME_MS = 1000;
/** The most that an INPUT of any version has room for. */
const MOST_READINGS = Math.max(...VERSIONS.map(({ lines }) => lines));

/**
 * Inputs that somebody has written down: a column `payload` in hex, or one for each named field, in units; `time` in
 * seconds, where it matters; and one for each reading that the configuration names.
 * @throws CopycatError CONFIG_INVALID for a file with holes, a column that nobody knows, or a time that falls
 */
export function inputsInCsv(path: string, shown: string, { input: fields, sources }: Names): Recording {
  const table = readCsv(path, shown);
  const known = [TIME, PAYLOAD, ...[...fields, ...sources].map(({ name }) => name)];
  const odd = table.columns.find((name) => !known.includes(name));
  if (odd !== undefined) throw invalid(shown, `columns of these names: ${known.join(', ')}`, `a column ${odd}`);
  const payloads = payloadsOf(table, path, shown, fields);
  const times = timesOf(table, shown);
  const readings = readingsOf(table, shown, sources);
  return {
    from: shown,
    inputs: table.rows.map(({ line }, row) => ({
      number: line,
      payload: new Uint8Array(Buffer.from(payloads?.[row] ?? '', 'hex')),
      pairTimeMs: times?.[row] ?? FIRST_PAIR_TIME_MS + row * USUAL_EVERY_MS,
      observed: readings?.map((column) => column[row] ?? 0) ?? null,
      result: null,
    })),
    leftOut: 0,
    fields: null,
  };
}

/** Null: a sketch that lives on ticks alone gets none. */
function payloadsOf(table: CsvTable, path: string, shown: string, fields: Names['input']): readonly string[] | null {
  const saysNone = fields.length === 0 && !table.columns.includes(PAYLOAD);
  return saysNone ? null : payloadsInCsv(path, shown, fields);
}

function timesOf(table: CsvTable, shown: string): readonly number[] | null {
  if (!table.columns.includes(TIME)) return null;
  const cells = columnOf(table, TIME, shown);
  const times = cells.map((cell) => FIRST_PAIR_TIME_MS + Math.round(numberIn(cell, shown) * 1000));
  const back = times.findIndex((time, row) => time < (times[row - 1] ?? FIRST_PAIR_TIME_MS));
  if (back < 0) return times;
  throw invalid(`${shown}:${cells[back]?.line}`, 'a time from 0 on that never falls', cells[back]?.text);
}

/** A column for each reading, raw; null: there is none. Where one is there, those before it have to be, too. */
function readingsOf(
  table: CsvTable,
  shown: string,
  sources: readonly NamedSource[],
): readonly (readonly number[])[] | null {
  const last = sources.findLastIndex(({ name }) => table.columns.includes(name));
  if (last < 0) return null;
  return sources
    .slice(0, Math.min(last + 1, MOST_READINGS))
    .map(({ name, scale }) => columnOf(table, name, shown).map((cell) => Math.round(numberIn(cell, shown) / scale)));
}
