import type { DifferingField, UpdateStatus } from '../../control/contract/update-status.js';
import type { FieldTrial, Update } from '../../pair/state/update-state.js';
import { valueText } from '../../values/value-text.js';

/** How far an update has come, for people. */
export function describeUpdate(update: Update): UpdateStatus {
  const { board, image, stage, why, comparisons, trial } = update;
  const { compared, differing, others } = trial;
  const fields = [...trial.fields].map(([field, found]) => describeField(field, found));
  fields.sort((one, other) => other.times - one.times);
  return { board, image, stage, why, compared, comparisons, differing, others, fields };
}

function describeField(field: string, { times, firstSeq, first, largest }: FieldTrial): DifferingField {
  if (first === null) return { field, times, firstSeq, old: null, fresh: null, largest: null };
  const text = (value: number | null): string => valueText(value, first);
  return {
    ...{ field, times, firstSeq },
    old: text(first.committed),
    fresh: text(first.other),
    largest: largest === null ? null : text(largest),
  };
}
