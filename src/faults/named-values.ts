import { decimalsOf, trimZeros } from '../values/decimals.js';
import { RAW_BYTES, readRaw } from '../values/raw-value.js';
import type { Field, Source } from './stored-fault.js';

/** A value for a program; a float that is no number becomes null in JSON. */
export interface NamedValue {
  readonly name: string;
  readonly value: number | boolean;
  readonly unit: string;
}

/** `set point 60.0 degC, measured 58.4 degC`; bytes that no field names are left out. Without fields: the bytes in hex. */
export function nameValues(bytes: Uint8Array, fields: readonly Field[], part = 0): string {
  if (bytes.length === 0) return 'no payload';
  const told = presentFields(bytes, fields, part).map((field) => `${field.name} ${valueText(bytes, field)}`);
  return told.length > 0 ? told.join(', ') : `bytes ${hex(bytes)}`;
}

/** The same for a program; empty where no field is named. `part` counts from 0. */
export function valuesOf(bytes: Uint8Array, fields: readonly Field[], part = 0): NamedValue[] {
  return presentFields(bytes, fields, part).map((field) => {
    const raw = readRaw(bytes, field.type, field.offset);
    const value = field.type === 'bool' ? raw !== 0 : Number(numberText(raw, field));
    return { name: field.name, value, unit: field.unit };
  });
}

/** `temperature 36.9 degC`; a reading that nobody has named is told as it came. */
export function nameReadings(observed: readonly number[], sources: readonly Source[]): string {
  const told = observed.map((raw, index) => {
    const source = sources[index];
    if (source === undefined) return String(raw);
    const number = trimZeros((raw * source.scale).toFixed(decimalsOf(source.scale)));
    return `${source.name} ${number}${source.unit === '' ? '' : ` ${source.unit}`}`;
  });
  return told.join(', ');
}

/** The same for a program; what nobody has named is left out. */
export function readingsOf(observed: readonly number[], sources: readonly Source[]): NamedValue[] {
  return sources.slice(0, observed.length).map(({ name, unit, scale }, index) => {
    return { name, value: Number(((observed[index] ?? 0) * scale).toFixed(decimalsOf(scale))), unit };
  });
}

function presentFields(bytes: Uint8Array, fields: readonly Field[], part: number): readonly Field[] {
  return fields.filter((field) => (field.part ?? 0) === part && field.offset + RAW_BYTES[field.type] <= bytes.length);
}

function valueText(bytes: Uint8Array, field: Field): string {
  const raw = readRaw(bytes, field.type, field.offset);
  if (field.type === 'bool') return raw === 0 ? 'no' : 'yes';
  const number = trimZeros(numberText(raw, field));
  return field.unit === '' ? number : `${number} ${field.unit}`;
}

function numberText(raw: number, { type, scale }: Field): string {
  // Seven digits are what an f32 has.
  return type === 'f32' ? String(Number((raw * scale).toPrecision(7))) : (raw * scale).toFixed(decimalsOf(scale));
}

function hex(bytes: Uint8Array): string {
  const shown = Array.from(bytes.subarray(0, 32), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return bytes.length > 32 ? `${shown} … (${bytes.length} bytes)` : shown;
}
