import type { ResultPart } from './messages.js';

/** How a value is stored in a result; more than one byte: little-endian. `bool`: one byte, true when it is not 0. */
export type FieldType = 'u8' | 'i8' | 'u16' | 'i16' | 'u32' | 'i32' | 'f32' | 'bool';

/** A named value in the results of a board (R20). What no field names is bytes, which are compared exactly. */
export interface Field {
  readonly name: string;
  /** For people; empty: none. */
  readonly unit: string;
  readonly type: FieldType;
  /** Which part of the result; the first is 0. */
  readonly part: number;
  /** Where it begins in the part, in bytes. */
  readonly offset: number;
  /** What one step is worth, in units. */
  readonly scale: number;
  /** Two boards may differ by so much, in units; 0: they may not differ at all. */
  readonly tolerance: number;
  /** Least and greatest plausible value, in units (R19). */
  readonly min: number | null;
  readonly max: number | null;
  /** Fastest plausible change, in units per second of pair time (R19). */
  readonly maxChangePerS: number | null;
}

/** A reading that a board reports with its results, in the order in which it takes them (R21). */
export interface SourceMap {
  readonly name: string;
  readonly unit: string;
  readonly scale: number;
  /** The boards' own readings may differ by so much, in units; null: they are not compared. */
  readonly tolerance: number | null;
}

const SIZES: Readonly<Record<FieldType, number>> = { u8: 1, i8: 1, u16: 2, i16: 2, u32: 4, i32: 4, f32: 4, bool: 1 };

/** Its size in bytes. */
export function sizeOf(field: Pick<Field, 'type'>): number {
  return SIZES[field.type];
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

function readRaw(body: Uint8Array, type: FieldType, offset: number): number {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  switch (type) {
    case 'u8':
      return view.getUint8(offset);
    case 'i8':
      return view.getInt8(offset);
    case 'u16':
      return view.getUint16(offset, true);
    case 'i16':
      return view.getInt16(offset, true);
    case 'u32':
      return view.getUint32(offset, true);
    case 'i32':
      return view.getInt32(offset, true);
    case 'f32':
      return view.getFloat32(offset, true);
    case 'bool':
      return view.getUint8(offset) === 0 ? 0 : 1;
  }
}

/** Steps of a scale are not exact in binary: 0.4 - 0.3 is to be within 0.1. Neither NaN nor infinity is near anything. */
export function isWithin(one: number, other: number, tolerance: number): boolean {
  const difference = Math.abs(one - other);
  const rounding = 1e-12 * Math.min(Math.abs(one), Math.abs(other));
  return Number.isFinite(difference) && difference <= tolerance + rounding;
}

/** `62.5 %`: as many decimals as one step of the scale needs, an f32 in seven digits. */
export function valueText(value: number | null, { scale, unit }: { scale: number | null; unit: string }): string {
  if (value === null) return 'nothing';
  const number = scale === null ? String(Number(value.toPrecision(7))) : value.toFixed(decimalsOf(scale));
  // One decimal is left: it says that there could be more.
  const shown = number.replace(/(\.\d+?)0+$/, '$1');
  return unit === '' ? shown : `${shown} ${unit}`;
}

/** 0.1 needs one, 0.0625 four, 10 none; a step such as 250 / 1023 as many as tell it from the next. */
function decimalsOf(scale: number): number {
  for (let decimals = 0; decimals <= 4; decimals++) {
    const shifted = Math.abs(scale) * 10 ** decimals;
    if (shifted > 0.5 && Math.abs(shifted - Math.round(shifted)) < 1e-6) return decimals;
  }
  return Math.min(20, Math.max(0, Math.ceil(-Math.log10(Math.abs(scale)))));
}
