import type { Field, Source } from './stored-fault.js';

const SIZES = { u8: 1, i8: 1, u16: 2, i16: 2, u32: 4, i32: 4, f32: 4, bool: 1 } as const;

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
    const raw = readRaw(bytes, field);
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
  return fields.filter((field) => (field.part ?? 0) === part && field.offset + SIZES[field.type] <= bytes.length);
}

function valueText(bytes: Uint8Array, field: Field): string {
  const raw = readRaw(bytes, field);
  if (field.type === 'bool') return raw === 0 ? 'no' : 'yes';
  const number = trimZeros(numberText(raw, field));
  return field.unit === '' ? number : `${number} ${field.unit}`;
}

function numberText(raw: number, { type, scale }: Field): string {
  // Seven digits are what an f32 has.
  return type === 'f32' ? String(Number((raw * scale).toPrecision(7))) : (raw * scale).toFixed(decimalsOf(scale));
}

function readRaw(bytes: Uint8Array, { type, offset }: Field): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (type) {
    case 'u8':
    case 'bool':
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
  }
}

/** As many decimals as one step needs: 0.1 shows one, 0.25 two, 10 none; 250 / 1023 as many as tell it from the next. */
function decimalsOf(scale: number): number {
  for (let decimals = 0; decimals <= 4; decimals++) {
    const shifted = Math.abs(scale) * 10 ** decimals;
    if (shifted > 0.5 && Math.abs(shifted - Math.round(shifted)) < 1e-6) return decimals;
  }
  return Math.min(20, Math.max(0, Math.ceil(-Math.log10(Math.abs(scale)))));
}

/** 45.8750 → 45.875, 88.0000 → 88.0: one decimal says that there could be more. */
function trimZeros(number: string): string {
  return number.replace(/(\.\d+?)0+$/, '$1');
}

function hex(bytes: Uint8Array): string {
  const shown = Array.from(bytes.subarray(0, 32), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return bytes.length > 32 ? `${shown} … (${bytes.length} bytes)` : shown;
}
