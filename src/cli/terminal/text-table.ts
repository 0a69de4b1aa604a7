import { stripVTControlCharacters } from 'node:util';
import CliTable from 'cli-table3';
import { wrap } from '../../faults/wrap-text.js';
import { tableWidth } from './terminal.js';

const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '  ',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};
/** Between two columns, and before the first. */
const GAP = 2;
/** A column of words is not made narrower: it could not be read. */
const NARROWEST_COLUMN = 12;

/**
 * Columns in line, two spaces apart, nothing else. The first row is the heading. Where they need more than `width`, the
 * widest get several lines.
 */
export function textTable(
  rows: readonly (readonly string[])[],
  rightAligned: readonly number[] = [],
  width: number = tableWidth(),
): string {
  const widths = fittingWidths(rows, width);
  const table = new CliTable({
    chars: NO_BORDERS,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colAligns: (rows[0] ?? []).map((_, column) => (rightAligned.includes(column) ? 'right' : 'left')),
  });
  for (const row of rows) {
    table.push(row.map((cell, column) => fitted(cell, widths[column] ?? Number.POSITIVE_INFINITY)));
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** The width of each column: what is too much is taken from the widest. */
function fittingWidths(rows: readonly (readonly string[])[], width: number): readonly number[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => lengthOf(row[column] ?? ''))),
  );
  let excess = widths.reduce((sum, one) => sum + one + GAP, 0) - width;
  while (excess > 0) {
    const widest = Math.max(...widths);
    if (widest <= NARROWEST_COLUMN) break;
    widths[widths.lastIndexOf(widest)] = widest - 1;
    excess--;
  }
  return widths;
}

function fitted(cell: string, width: number): string {
  if (lengthOf(cell) <= width) return cell;
  return wrap(cell, width)
    .flatMap((line) => pieces(line, width))
    .join('\n');
}

/** A path or a number without a space is broken where it must be; nothing is cut off. */
function pieces(line: string, width: number): readonly string[] {
  if (lengthOf(line) <= width) return [line];
  return line.match(new RegExp(`.{1,${width}}`, 'gu')) ?? [line];
}

function lengthOf(cell: string): number {
  return Math.max(
    ...stripVTControlCharacters(cell)
      .split('\n')
      .map((line) => line.length),
  );
}
