import type { StoredFault } from '../faults/stored-fault.js';
import { titleOf } from '../faults/story.js';

/** A fault as one row of the list. */
export function summaryLine(fault: StoredFault): readonly string[] {
  const again = fault.repeats > 0 ? ` (${fault.repeats + 1} times)` : '';
  return [
    String(fault.id),
    fault.wallTime.slice(0, 19).replace('T', ' '),
    fault.board ?? '–',
    fault.seq === null ? '–' : String(fault.seq),
    `${titleOf(fault)}${again}`,
    fault.closedAt === null ? 'open' : 'closed',
  ];
}
