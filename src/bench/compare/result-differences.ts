import { nameValues } from '../../faults/named-values.js';
import type { NamedField, NamedOutput } from '../../values/named-field.js';
import { RAW_BYTES, readRaw } from '../../values/raw-value.js';
import { isRejected, reasonText } from '../../values/rejection.js';
import { numberText, valueText } from '../../values/value-text.js';
import type { ReplayedInput } from '../replay/replay-board.js';
import type { Names } from './names.js';

/** A value in which two programs differ. */
export interface FieldDifference {
  /** `result.duty`, `outputs.heat`, `state`, `rejected`, `parts`, `answer`; where nobody has named it: `result.byte 7`, `outputs.0`. */
  readonly field: string;
  /** For people. */
  readonly old: string;
  readonly new: string;
  /** How far apart they are, in units; null: no numbers. */
  readonly distance: number | null;
  /** `distance` for people. */
  readonly distanceText: string | null;
}

/** In what two results of the same input differ, field by field; empty: in nothing. */
export function resultDifferences(
  old: ReplayedInput,
  fresh: ReplayedInput,
  names: Names,
  comparesStates: boolean,
): readonly FieldDifference[] {
  const differences = [...answerDifferences(old, fresh, names), ...outputDifferences(old, fresh, names.outputs)];
  if (comparesStates && old.digest !== fresh.digest) {
    differences.push(words('state', `digest ${hex32(old.digest)}`, `digest ${hex32(fresh.digest)}`));
  }
  return differences;
}

function answerDifferences(old: ReplayedInput, fresh: ReplayedInput, { result }: Names): FieldDifference[] {
  const [was, is] = [isRejected(old.parts), isRejected(fresh.parts)];
  if (was !== is) return [words('rejected', rejectionText(old), rejectionText(fresh))];
  if (was) {
    // What a sketch says when it rejects an input has no fields.
    const [reason, another] = [rejectionText(old), rejectionText(fresh)];
    return reason === another ? [] : [words('rejected', reason, another)];
  }
  const differences: FieldDifference[] = [];
  const count = Math.max(old.parts.length, fresh.parts.length);
  if (old.parts.length !== fresh.parts.length) {
    differences.push(numbers('parts', old.parts.length, fresh.parts.length, { scale: 1, unit: '' }));
  }
  for (let part = 0; part < count; part++) {
    const [one, other] = [old.parts[part], fresh.parts[part]];
    if (one !== undefined && other !== undefined)
      differences.push(...bodyDifferences(one.body, other.body, result, part));
  }
  return differences;
}

function rejectionText({ parts }: ReplayedInput): string {
  return isRejected(parts) ? `rejected: ${reasonText(parts.map(({ body }) => body))}` : 'no';
}

function bodyDifferences(
  old: Uint8Array,
  fresh: Uint8Array,
  fields: readonly NamedField[],
  part: number,
): readonly FieldDifference[] {
  if (Buffer.compare(old, fresh) === 0) return [];
  if (old.length !== fresh.length) {
    return [words(partName('result', part), nameValues(old, fields, part), nameValues(fresh, fields, part))];
  }
  const named = fields.filter(
    (field) => (field.part ?? 0) === part && field.offset + RAW_BYTES[field.type] <= old.length,
  );
  const differences = named.flatMap((field) => {
    const [one, other] = [old, fresh].map((bytes) => readRaw(bytes, field.type, field.offset));
    if (one === undefined || other === undefined || Object.is(one, other)) return [];
    const name = `${partName('result', part)}.${field.name}`;
    if (field.type === 'bool') return [words(name, yesNo(one), yesNo(other))];
    // An f32 has no step.
    const step = field.type === 'f32' ? null : field.scale;
    return [numbers(name, one * field.scale, other * field.scale, { scale: step, unit: field.unit })];
  });
  for (let byte = 0; byte < old.length; byte++) {
    const isNamed = named.some(({ offset, type }) => byte >= offset && byte < offset + RAW_BYTES[type]);
    if (isNamed || old[byte] === fresh[byte]) continue;
    const name = `${partName('result', part)}.byte ${byte}`;
    differences.push(numbers(name, old[byte] ?? 0, fresh[byte] ?? 0, { scale: 1, unit: '' }));
  }
  return differences;
}

/** What is there in both: how many outputs a program has is said once. */
function outputDifferences(
  old: ReplayedInput,
  fresh: ReplayedInput,
  outputs: readonly NamedOutput[],
): FieldDifference[] {
  const both = Math.min(old.levels.length, fresh.levels.length);
  return old.levels.slice(0, both).flatMap((level, index) => {
    const other = fresh.levels[index] ?? 0;
    if (level === other) return [];
    const { name = String(index), scale = 1, unit = '' } = outputs[index] ?? {};
    return [numbers(`outputs.${name}`, level * scale, other * scale, { scale, unit })];
  });
}

/** The first part is the result; what is in further ones has the number of its part. */
function partName(name: string, part: number): string {
  return part === 0 ? name : `${name} part ${part + 1}`;
}

function numbers(
  field: string,
  old: number,
  fresh: number,
  as: { readonly scale: number | null; readonly unit: string },
): FieldDifference {
  const far = Math.abs(fresh - old);
  const distance = Number.isFinite(far) ? Number(numberText(far, as.scale)) : null;
  const distanceText = distance === null ? null : valueText(distance, as);
  return { field, old: valueText(old, as), new: valueText(fresh, as), distance, distanceText };
}

export function words(field: string, old: string, fresh: string): FieldDifference {
  return { field, old, new: fresh, distance: null, distanceText: null };
}

function yesNo(raw: number): string {
  return raw === 0 ? 'no' : 'yes';
}

function hex32(digest: number): string {
  return digest.toString(16).padStart(8, '0');
}
