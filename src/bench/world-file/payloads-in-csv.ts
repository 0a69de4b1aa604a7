import type { NamedField } from '../../values/named-field.js';
import { columnOf, invalid, numberIn, readCsv } from './read-csv.js';
import { encodeFields } from './template-payload.js';

const HEX = 'payload';
const MOST_PAYLOAD_BYTES = 41;

/**
 * Inputs from a CSV file, in hex: a column `payload` that says each in hex, or a column for each named field, in units.
 * @throws CopycatError CONFIG_INVALID for a file with holes, without a column that is needed, or with a payload that is none
 */
export function payloadsInCsv(path: string, shown: string, fields: readonly NamedField[]): readonly string[] {
  const table = readCsv(path, shown);
  if (table.columns.includes(HEX)) {
    return columnOf(table, HEX, shown).map(({ line, text }) => {
      const isOne = /^([0-9a-fA-F]{2})+$/.test(text) && text.length <= 2 * MOST_PAYLOAD_BYTES;
      if (isOne) return text.toLowerCase();
      throw invalid(`${shown}:${line}`, `pairs of hexadecimal digits, at most ${MOST_PAYLOAD_BYTES} bytes`, text);
    });
  }
  if (fields.length === 0) {
    throw invalid(shown, 'a column called payload, for the configuration names no fields', table.columns.join(', '));
  }
  const columns = fields.map((field) => columnOf(table, field.name, shown).map((cell) => numberIn(cell, shown)));
  return table.rows.map((_, row) => {
    const units = columns.map((values) => values[row] ?? 0);
    return Buffer.from(encodeFields(fields, units)).toString('hex');
  });
}
