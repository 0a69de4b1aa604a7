import type { Fault } from '../net/shapes.js';
import { WORDS } from '../words.js';

/** One line for each, as a spreadsheet reads it: RFC 4180. */
export function csvOf(faults: readonly Fault[]): string {
  const rows = faults.map((fault) => [
    fault.id,
    fault.wallTime,
    fault.wallTimeTrusted,
    fault.board,
    fault.code,
    fault.title,
    fault.seq,
    fault.event,
    fault.closedAt,
    fault.closedBy ?? null,
    fault.note ?? null,
    fault.repeats,
  ]);
  return [WORDS.faults.columns, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** All that is known of each, without the story, which is told anew of it whenever it is asked for. */
export function jsonOf(faults: readonly Fault[]): string {
  return `${JSON.stringify(
    faults.map(({ story: _, ...fault }) => fault),
    null,
    2,
  )}\n`;
}

function cell(value: string | number | boolean | null): string {
  const text = value === null ? '' : String(value);
  // A spreadsheet would take what begins so for a formula: a title holds what boards have said.
  const safe = /^[=+\-@\t\r]/.test(text) && typeof value === 'string' ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
