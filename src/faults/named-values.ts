import type { NamedField, NamedOutput, NamedSource } from '../values/named-field.js';
import { RAW_BYTES, readRaw } from '../values/raw-value.js';
import { numberText, valueText } from '../values/value-text.js';

/** A value for a program; a float that is no number becomes null in JSON. */
export interface NamedValue {
  readonly name: string;
  readonly value: number | boolean;
  readonly unit: string;
}

/** A value as a person reads it, with its unit. */
interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** `set point 60.0 degC, measured 58.4 degC`; bytes that no field names are left out. Without fields: the bytes in hex. */
export function nameValues(bytes: Uint8Array, fields: readonly NamedField[], part = 0): string {
  if (bytes.length === 0) return 'no payload';
  const told = presentFields(bytes, fields, part).map((field) => `${field.name} ${fieldText(bytes, field)}`);
  return told.length > 0 ? told.join(', ') : `bytes ${hex(bytes)}`;
}

/** Each by its name; empty where no field is named. */
export function namedTexts(bytes: Uint8Array, fields: readonly NamedField[], part = 0): readonly NamedText[] {
  return presentFields(bytes, fields, part).map((field) => ({ name: field.name, text: fieldText(bytes, field) }));
}

/** The same for a program; empty where no field is named. `part` counts from 0. */
export function valuesOf(bytes: Uint8Array, fields: readonly NamedField[], part = 0): NamedValue[] {
  return presentFields(bytes, fields, part).map((field) => {
    const raw = readRaw(bytes, field.type, field.offset);
    const value = field.type === 'bool' ? raw !== 0 : Number(numberText(raw * field.scale, stepOf(field)));
    return { name: field.name, value, unit: field.unit };
  });
}

/** `temperature 36.9 degC`; a reading that nobody has named is told as it came. */
export function nameReadings(observed: readonly number[], sources: readonly NamedSource[]): string {
  const told = observed.map((raw, index) => {
    const source = sources[index];
    if (source === undefined) return String(raw);
    return `${source.name} ${valueText(raw * source.scale, source)}`;
  });
  return told.join(', ');
}

/** The same for a program; what nobody has named is left out. */
export function readingsOf(observed: readonly number[], sources: readonly NamedSource[]): NamedValue[] {
  return sources.slice(0, observed.length).map(({ name, unit, scale }, index) => {
    return { name, value: Number(numberText((observed[index] ?? 0) * scale, scale)), unit };
  });
}

/** `heat (D9): 255, trip (D8): 0`; an output that nobody has named by its number: `output 0: 255`. */
export function nameOutputs(levels: readonly number[], outputs: readonly NamedOutput[]): string {
  const told = levels.map((level, index) => {
    const output = outputs[index];
    if (output === undefined) return `output ${index}: ${level}`;
    const pin = output.pin === '' ? '' : ` (${output.pin})`;
    return `${output.name}${pin}: ${valueText(level * output.scale, output)}`;
  });
  return told.join(', ');
}

/** The same for a program; what nobody has named is left out. */
export function outputsOf(levels: readonly number[], outputs: readonly NamedOutput[]): NamedValue[] {
  return outputs.slice(0, levels.length).map(({ name, unit, scale }, index) => {
    return { name, value: Number(numberText((levels[index] ?? 0) * scale, scale)), unit };
  });
}

function presentFields(bytes: Uint8Array, fields: readonly NamedField[], part: number): readonly NamedField[] {
  return fields.filter((field) => (field.part ?? 0) === part && field.offset + RAW_BYTES[field.type] <= bytes.length);
}

function fieldText(bytes: Uint8Array, field: NamedField): string {
  const raw = readRaw(bytes, field.type, field.offset);
  if (field.type === 'bool') return raw === 0 ? 'no' : 'yes';
  return valueText(raw * field.scale, { scale: stepOf(field), unit: field.unit });
}

/** An f32 has no step. */
function stepOf({ type, scale }: NamedField): number | null {
  return type === 'f32' ? null : scale;
}

function hex(bytes: Uint8Array): string {
  const shown = Array.from(bytes.subarray(0, 32), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return bytes.length > 32 ? `${shown} … (${bytes.length} bytes)` : shown;
}
