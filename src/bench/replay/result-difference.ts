import { nameValues } from '../../faults/named-values.js';
import type { NamedField } from '../../values/named-field.js';
import { RAW_BYTES, readRaw } from '../../values/raw-value.js';
import type { ExecutedResult } from '../record/executed-inputs.js';

/** Where two results of the same input differ first, and what each says there; null: they are equal. */
export function resultDifference(
  one: ExecutedResult,
  other: ExecutedResult,
  fields: readonly NamedField[],
): string | null {
  const parts = Math.max(one.parts.length, other.parts.length);
  for (let part = 0; part < parts; part++) {
    const [a, b] = [one.parts[part], other.parts[part]];
    if (a === undefined || b === undefined)
      return `one answers in ${one.parts.length} parts, the other in ${other.parts.length}`;
    if (a.rejected !== b.rejected) return 'one rejects it, the other does not';
    if (Buffer.compare(a.body, b.body) !== 0) return bodyDifference(a.body, b.body, fields, part);
  }
  return one.digest === other.digest ? null : 'the state that it leaves (the answers are equal)';
}

function bodyDifference(a: Uint8Array, b: Uint8Array, fields: readonly NamedField[], part: number): string {
  const differing = fields.find((field) => {
    const isThere = (field.part ?? 0) === part && field.offset + RAW_BYTES[field.type] <= Math.min(a.length, b.length);
    return isThere && readRaw(a, field.type, field.offset) !== readRaw(b, field.type, field.offset);
  });
  if (differing !== undefined) {
    const [first, second] = [a, b].map((bytes) => nameValues(bytes, [differing], part));
    return `${first} and ${second?.slice(differing.name.length + 1)}`;
  }
  return `the answer ${hex(a)} and ${hex(b)}`;
}

function hex(bytes: Uint8Array): string {
  return bytes.length === 0 ? '(empty)' : Buffer.from(bytes).toString('hex');
}
