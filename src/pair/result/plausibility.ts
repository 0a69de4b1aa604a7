import { type Field, readField } from './fields.js';
import type { ResultPart } from './messages.js';

/** A value that cannot be right, and which limit says so (R19: the first arbiter). */
export interface Implausibility {
  readonly field: string;
  readonly unit: string;
  /** In units; of `rate`: in units per second; of `missing`: null. */
  readonly value: number | null;
  /** `missing`: the part is too short for the field; `not-a-number`: an f32 that is none. */
  readonly limit: 'min' | 'max' | 'rate' | 'missing' | 'not-a-number';
  /** What is allowed; null where there is nothing to allow. */
  readonly allowed: number | null;
}

/** What was committed before, and at which pair time. */
export interface PreviousResult {
  readonly parts: readonly ResultPart[];
  readonly pairTimeMs: number;
}

/**
 * What is wrong with a result by itself. `previous`: the last committed result that had fields (`hasFields`); a field
 * that it lacks has no rate. Neither a rejection nor an empty part ("nothing to do", R4) nor a part that is not there is
 * judged: an application may answer an input without them.
 */
export function implausible(
  fields: readonly Field[],
  parts: readonly ResultPart[],
  previous: PreviousResult | null,
  pairTimeMs: number,
): Implausibility[] {
  return fields
    .filter((field) => hasPart(parts, field))
    .flatMap((field) => {
      const found = judge(field, parts, previous, pairTimeMs);
      return found === null ? [] : [{ field: field.name, unit: field.unit, ...found }];
    });
}

/** Whether the result has anything that could be judged, so that later values may be compared with it. */
export function hasFields(fields: readonly Field[], parts: readonly ResultPart[]): boolean {
  return fields.some((field) => readField(parts, field) !== null);
}

function hasPart(parts: readonly ResultPart[], field: Field): boolean {
  const part = parts[field.part];
  return part !== undefined && !part.rejected && part.body.length > 0;
}

function judge(
  field: Field,
  parts: readonly ResultPart[],
  previous: PreviousResult | null,
  pairTimeMs: number,
): Pick<Implausibility, 'value' | 'limit' | 'allowed'> | null {
  const value = readField(parts, field);
  if (value === null) return { value, limit: 'missing', allowed: null };
  const { min, max, maxChangePerS } = field;
  const isLimited = min !== null || max !== null || maxChangePerS !== null;
  if (Number.isNaN(value)) return isLimited ? { value, limit: 'not-a-number', allowed: null } : null;
  if (min !== null && value < min - rounding(min)) return { value, limit: 'min', allowed: min };
  if (max !== null && value > max + rounding(max)) return { value, limit: 'max', allowed: max };
  if (maxChangePerS === null || previous === null) return null;
  const before = readField(previous.parts, field);
  if (before === null || Number.isNaN(before)) return null;
  // Two inputs of the same millisecond are no reason to divide by nothing.
  const perS = (Math.abs(value - before) * 1000) / Math.max(1, pairTimeMs - previous.pairTimeMs);
  // An infinity that stays one has not changed.
  if (Number.isNaN(perS) || perS <= maxChangePerS + rounding(maxChangePerS)) return null;
  return { value: perS, limit: 'rate', allowed: maxChangePerS };
}

/** Steps of a scale are not exact in binary: 1000 steps of 0.1 are not more than 100. */
function rounding(limit: number): number {
  return 1e-9 * Math.abs(limit);
}
