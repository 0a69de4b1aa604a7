import type { NamedField, NamedSource } from '../../values/named-field.js';
import { RAW_BYTES, readRaw } from '../../values/raw-value.js';
import type { ResultPart } from './messages.js';

/** A named value in the results of a board (R20). What no field names is bytes, which are compared exactly. */
export interface Field extends NamedField {
  readonly part: number;
  /** Two boards may differ by so much, in units; 0: they may not differ at all. */
  readonly tolerance: number;
  /** Least and greatest plausible value, in units (R19). */
  readonly min: number | null;
  readonly max: number | null;
  /** Fastest plausible change, in units per second of pair time (R19). */
  readonly maxChangePerS: number | null;
}

/** A source of readings, and how far those of two boards may be apart (R21). */
export interface SourceMap extends NamedSource {
  /** The boards' own readings may differ by so much, in units; null: they are not compared. */
  readonly tolerance: number | null;
}

/** Its size in bytes. */
export function sizeOf(field: Pick<Field, 'type'>): number {
  return RAW_BYTES[field.type];
}

/** The value in units. Null: the part is not there, was rejected, or is too short for it. */
export function readField(parts: readonly ResultPart[], field: Field): number | null {
  const part = parts[field.part];
  return part === undefined ? null : readFieldIn(part, field);
}

/** The same of the part that the field is in. */
export function readFieldIn(part: ResultPart, field: Field): number | null {
  if (part.rejected || field.offset + sizeOf(field) > part.body.length) return null;
  return readRaw(part.body, field.type, field.offset) * field.scale;
}

/** Steps of a scale are not exact in binary: 0.4 - 0.3 is to be within 0.1. Neither NaN nor infinity is near anything. */
export function isWithin(one: number, other: number, tolerance: number): boolean {
  const difference = Math.abs(one - other);
  const rounding = 1e-12 * Math.min(Math.abs(one), Math.abs(other));
  return Number.isFinite(difference) && difference <= tolerance + rounding;
}
