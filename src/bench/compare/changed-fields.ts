import type { InputDifference } from './compare-images.js';

/** In how many inputs a value differs, and how it did at first. */
export interface ChangedField {
  readonly field: string;
  readonly inputs: number;
  /** Number of the first such input, and what it was there. */
  readonly first: number;
  readonly old: string;
  readonly new: string;
  /** The greatest distance, for people; null: no numbers. */
  readonly largest: string | null;
}

/** The same by field, in the order in which they began to differ. */
export function changedFields(differing: readonly InputDifference[]): readonly ChangedField[] {
  const fields = new Map<string, ChangedField & { readonly distance: number }>();
  for (const { input, differences } of differing) {
    for (const { field, old, new: fresh, distance, distanceText } of differences) {
      const known = fields.get(field) ?? {
        field,
        inputs: 0,
        first: input,
        old,
        new: fresh,
        largest: null,
        distance: -1,
      };
      const isLargest = distance !== null && distance > known.distance;
      const inputs = known.inputs + 1;
      fields.set(field, { ...known, inputs, ...(isLargest ? { largest: distanceText, distance } : {}) });
    }
  }
  return [...fields.values()].map(({ distance: _, ...field }) => field);
}
