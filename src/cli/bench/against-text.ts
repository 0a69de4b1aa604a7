import { type ChangedField, changedFields } from '../../bench/compare/changed-fields.js';
import type { CompareOptions, Comparison } from '../../bench/compare/compare-images.js';
import { wrap } from '../../faults/wrap-text.js';
import { colours, textWidth } from '../terminal/terminal.js';
import { textTable } from '../terminal/text-table.js';

/** More differences are in `--json`. */
const MOST_LISTED = 40;
/** A state that differs mostly goes on doing so: in the list it stands where that begins. */
const STATE = 'state';

export type Compared = Pick<CompareOptions, 'old' | 'new' | 'recording'>;

/** What two programs made of the same inputs, for a person. */
export function comparisonLines({ old, new: fresh, recording }: Compared, comparison: Comparison): readonly string[] {
  const fields = changedFields(comparison.differing);
  return [
    `${fresh.name} against ${old.name}, on the inputs of ${recording.from}.`,
    summaryOf(comparison, fields),
    ...(fields.length === 0 ? [] : ['', fieldTable(fields), '', ...listed(comparison)]),
    ...notesOf(comparison, recording.leftOut).flatMap((note) => wrap(note, textWidth())),
  ];
}

/** For a program: everything. */
export function comparisonJson({ old, new: fresh, recording }: Compared, comparison: Comparison): object {
  const { compared, differing } = comparison;
  return {
    ...{ new: fresh.name, old: old.name, inputs: recording.from },
    ...{ compared, leftOut: recording.leftOut, differ: differing.length, fields: changedFields(differing) },
    differing: differing.map(({ input, pairTimeMs, differences }) => ({
      ...{ input, pairTimeMs },
      differences: differences.map(({ field, old: was, new: is, distance }) => ({
        field,
        old: was,
        new: is,
        distance,
      })),
    })),
    notes: notesOf(comparison, 0),
  };
}

/** `1,204 inputs, 3 differ, first at input 87: outputs.heat 40 → 41`. */
function summaryOf({ compared, differing }: Comparison, [first]: readonly ChangedField[]): string {
  const inputs = `${thousands(compared)} input${compared === 1 ? '' : 's'}`;
  if (first === undefined) return colours.green(`${inputs}, none differs`);
  const differ = `${thousands(differing.length)} differ${differing.length === 1 ? 's' : ''}`;
  return colours.red(`${inputs}, ${differ}, first at input ${first.first}: ${first.field} ${first.old} → ${first.new}`);
}

function fieldTable(fields: readonly ChangedField[]): string {
  const rows = fields.map(({ field, inputs, first, old, new: fresh, largest }) => [
    ...[field, thousands(inputs), String(first), old, fresh, largest ?? '–'],
  ]);
  return textTable([['field', 'inputs', 'first', 'old', 'new', 'largest difference'], ...rows], [1, 2]);
}

function listed({ differing }: Comparison): readonly string[] {
  let stateDiffersAt = 0;
  let isShortened = false;
  const rows = differing.flatMap(({ input, position, pairTimeMs, differences }) => {
    const goesOn = stateDiffersAt === position - 1 && stateDiffersAt > 0;
    const told = differences.filter(({ field }) => field !== STATE || !goesOn);
    isShortened ||= told.length < differences.length;
    if (differences.some(({ field }) => field === STATE)) stateDiffersAt = position;
    return told.map(({ field, old, new: fresh }, index) => [
      ...(index === 0 ? [String(input), `${(pairTimeMs / 1000).toFixed(3)} s`] : ['', '']),
      ...[field, old, fresh],
    ]);
  });
  const more = rows.length - MOST_LISTED;
  return [
    textTable([['input', 'pair time', 'field', 'old', 'new'], ...rows.slice(0, MOST_LISTED)], [0, 1]),
    ...(more > 0 ? [`  and ${thousands(more)} more lines: --json has them all`] : []),
    '',
    ...(isShortened ? ['A state that goes on differing is listed where that begins.'] : []),
  ];
}

function notesOf({ notes }: Comparison, leftOut: number): readonly string[] {
  if (leftOut === 0) return notes;
  return [...notes, `${thousands(leftOut)} recorded input${leftOut === 1 ? '' : 's'} without a result left out.`];
}

function thousands(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}
