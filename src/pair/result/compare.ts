import { valueText } from '../../values/value-text.js';
import { type Field, isWithin, readFieldIn, sizeOf } from './fields.js';
import type { CommitRow } from './ledger-rows.js';
import type { BoardId, Result, ResultPart } from './messages.js';

export type Verdict =
  /** `tolerance`: a named field differed by no more than it may, so the hashes differ and the ledger needs a verdict (R8). */
  | { readonly verdict: 'match'; readonly within: 'exactly' | 'tolerance' }
  | {
      readonly verdict: 'mismatch';
      readonly where: 'parts' | 'body' | 'state';
      /** The first part that differs, from 0. */
      readonly part: number | null;
      /** In the bodies; empty where only the state or the number of parts differs. */
      readonly differences: readonly Difference[];
    };

export type Mismatch = Extract<Verdict, { verdict: 'mismatch' }>;

/** One value that two boards do not agree on. */
export interface Difference {
  /** Its name; where no field covers the place, `byte 3` or `byte 3 of part 1`. */
  readonly field: string;
  readonly unit: string;
  /** What one step of it is worth; null: it has no steps (an f32). */
  readonly scale: number | null;
  /** In units; null: that result does not have it. */
  readonly committed: number | null;
  readonly other: number | null;
  /** It is yes or no: 1 or 0. */
  readonly isBool?: boolean;
  /** It is text, and both values are null: as it stands in the committed result and in the other one; null: it does not stand there. */
  readonly texts?: readonly [string | null, string | null];
}

/** In units, of the committed result and of the other one; null: it does not have the field. */
type Values = readonly [number | null, number | null];

/** More than these are not told of one result. */
const MAX_DIFFERENCES = 8;

/**
 * R18, R20: part by part, exactly but for the fields that have a tolerance, and the state digest with them, so that a
 * latent difference shows before it acts. Where a field may differ the states behind it differ too, and go on differing behind
 * results that do not show it (a probe, a rejection, a value that is rounded): with a tolerance the digest is not compared. Nor is it where a board cannot tell one.
 */
export function compareResults(
  committed: Pick<CommitRow, 'parts' | 'digest'>,
  result: Pick<Result, 'parts' | 'digest'>,
  fields: readonly Field[],
): Verdict {
  if (committed.parts.length !== result.parts.length) {
    return { verdict: 'mismatch', where: 'parts', part: null, differences: [] };
  }
  const differences: Difference[] = [];
  let firstPart: number | null = null;
  let isTolerated = false;
  for (const [index, part] of committed.parts.entries()) {
    const other = result.parts[index];
    if (other === undefined || isSamePart(part, other)) continue;
    const found = comparePart(index, part, other, fields);
    if (found.length === 0) isTolerated = true;
    else firstPart ??= index;
    differences.push(...found);
  }
  if (firstPart !== null) {
    return { verdict: 'mismatch', where: 'body', part: firstPart, differences: differences.slice(0, MAX_DIFFERENCES) };
  }
  if (isTolerated) return { verdict: 'match', within: 'tolerance' };
  const areTold = committed.digest !== null && result.digest !== null;
  if (areTold && committed.digest !== result.digest && !toleratesAny(fields)) {
    return { verdict: 'mismatch', where: 'state', part: null, differences: [] };
  }
  return { verdict: 'match', within: 'exactly' };
}

function toleratesAny(fields: readonly Field[]): boolean {
  return fields.some(({ tolerance }) => tolerance > 0);
}

/** What is not to be tolerated between two parts that are not the same; empty: their fields' tolerances cover it all. */
function comparePart(index: number, one: ResultPart, other: ResultPart, fields: readonly Field[]): Difference[] {
  if (one.rejected !== other.rejected) {
    const flag = difference(`rejected${ofPart(index)}`, '', Number(one.rejected), Number(other.rejected));
    return [{ ...flag, isBool: true }];
  }
  // What a rejection says has no fields.
  const named = one.rejected ? [] : fields.filter((field) => field.part === index);
  const found: Difference[] = [];
  const covered = new Set<number>();
  const hasSameLength = one.body.length === other.body.length;
  if (!hasSameLength) found.push(difference(`length${ofPart(index)}`, 'bytes', one.body.length, other.body.length));
  for (const field of named) {
    const places = Array.from({ length: sizeOf(field) }, (_, place) => field.offset + place);
    const differs = places.some((place) => one.body[place] !== other.body[place]);
    const values: Values = [readFieldIn(one, field), readFieldIn(other, field)];
    const isTolerated = hasSameLength && differs && areWithin(values, field.tolerance);
    // A field that one of them is too short for is told by its bytes, or by the length.
    if (!isTolerated && values.includes(null)) continue;
    for (const place of places) covered.add(place);
    if (differs && !isTolerated) found.push(differenceOf(field, values));
  }
  for (const place of differentBytes(one.body, other.body)) {
    if (covered.has(place)) continue;
    found.push(difference(`byte ${place}${ofPart(index)}`, '', one.body[place] ?? null, other.body[place] ?? null));
  }
  return found;
}

function areWithin([one, other]: Values, tolerance: number): boolean {
  return tolerance > 0 && one !== null && other !== null && isWithin(one, other, tolerance);
}

function isSamePart(one: ResultPart, other: ResultPart): boolean {
  return one.rejected === other.rejected && sameBytes(one.body, other.body);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function differentBytes(one: Uint8Array, other: Uint8Array): number[] {
  const longer = one.length >= other.length ? one : other;
  return Array.from(longer.keys()).filter((place) => one[place] !== other[place]);
}

function differenceOf({ name, unit, type, scale }: Field, [committed, other]: Values): Difference {
  const told = { field: name, unit, scale: type === 'f32' ? null : scale, committed, other };
  return type === 'bool' ? { ...told, isBool: true } : told;
}

/** Of something that is a whole number and no field. */
function difference(field: string, unit: string, committed: number | null, other: number | null): Difference {
  return { field, unit, scale: 1, committed, other };
}

function ofPart(index: number): string {
  return index === 0 ? '' : ` of part ${index}`;
}

/** `heat: 62.5 % (board a) against 60 % (board b); byte 7: 1 (board a) against 0 (board b)`. */
export function differenceText(differences: readonly Difference[], committedBy: BoardId, other: BoardId): string {
  return differences
    .map(
      (one) =>
        `${one.field}: ${toldAs(one, 'committed')} (board ${committedBy}) against ${toldAs(one, 'other')} (board ${other})`,
    )
    .join('; ');
}

function toldAs(difference: Difference, of: 'committed' | 'other'): string {
  const text = difference.texts?.[of === 'committed' ? 0 : 1];
  if (text !== undefined) return text === null ? 'nothing' : JSON.stringify(text);
  const value = difference[of];
  if (difference.isBool === true && value !== null) return value === 0 ? 'no' : 'yes';
  return valueText(value, difference);
}
