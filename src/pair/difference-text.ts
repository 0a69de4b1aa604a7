import type { Difference } from './compare.js';
import { valueText } from './fields.js';
import type { BoardId } from './messages.js';

/** `heat: 62.5 % (board a) against 60 % (board b); byte 7: 1 (board a) against 0 (board b)`. */
export function differenceText(differences: readonly Difference[], committedBy: BoardId, other: BoardId): string {
  return differences
    .map(
      (one) =>
        `${one.field}: ${valueText(one.committed, one)} (board ${committedBy}) against ${valueText(one.other, one)} (board ${other})`,
    )
    .join('; ');
}
