import type { UpdateStatus } from '../../control/contract/update-status.js';
import { textTable } from '../terminal/text-table.js';

/** In what two programs differed on the same inputs, a row for each field. */
export function trialText({ board, compared, differing, fields, others }: UpdateStatus): string[] {
  const inputs = `${compared} inputs`;
  if (differing === 0)
    return [`The new program on board ${board} agreed with the old one on ${inputs}, state included.`];
  const rows = fields.map(({ field, times, firstSeq, old, fresh, largest }) => [
    field,
    String(times),
    String(firstSeq),
    old ?? '–',
    fresh ?? '–',
    largest ?? '–',
  ]);
  return [
    `The new program on board ${board} differed from the old one in ${differing} of ${inputs}:`,
    '',
    textTable([['field', 'inputs', 'first', 'old', 'new', 'largest difference'], ...rows], [1, 2]),
    '',
    ...(others > 0 ? [`and in ${others} results in further fields, which are not told apart.`, ''] : []),
    'Old and new are the values at the first such input. Once a result has differed, the states differ too: what follows may be the same difference again.',
  ];
}
