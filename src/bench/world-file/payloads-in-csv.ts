import type { NamedField } from '../../values/named-field.js';
import { isPayloadText, PAYLOAD_EXPECTED } from '../payload-limit.js';
import { columnOf, invalid, numberIn, readCsv } from './read-csv.js';
import { encodeFields } from './template-payload.js';

const HEX = 'payload';

/**
 * Inputs from a CSV file, in hex: a column `payload` that says each in hex, or a column for each named field, in units.
 * @throws CopycatError CONFIG_INVALID for a file with holes, without a column that is needed, or with a payload that is none
 */
export function payloadsInCsv(path: string, shown: string, fields: readonly NamedField[]): readonly string[] {
  const table = readCsv(path, shown);
  if (table.columns.includes(HEX)) {
    return columnOf(table, HEX, shown).map(({ line, text }) => {
      if (isPayloadText(text)) return text.toLowerCase();
      throw invalid(`${shown}:${line}`, PAYLOAD_EXPECTED, text);
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
