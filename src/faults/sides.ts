import type { NamedField } from '../values/named-field.js';
import { reasonText } from '../values/rejection.js';
import { bytesOfHex } from './kept-bytes.js';
import { namedTexts, nameValues } from './named-values.js';
import type { StoredFault } from './stored-fault.js';

/** R20: two or three results of one input beside one another. */
export interface Sides {
  /** Whose results: `board a`, `board b`, `third copy`. */
  readonly whose: readonly string[];
  readonly rows: readonly SidesRow[];
}

interface SidesRow {
  readonly name: string;
  /** One for each of `whose`; null: it has no such value. */
  readonly texts: readonly (string | null)[];
  readonly differs: boolean;
}

/** Null: the fault is about no results that differ. */
export function sidesOf({ evidence }: StoredFault, fields: readonly NamedField[]): Sides | null {
  const kept = [
    { whose: `board ${String(evidence['committedBy'])}`, result: 'committed' },
    { whose: `board ${String(evidence['otherBoard'])}`, result: 'other' },
    { whose: 'third copy', result: 'third' },
  ].flatMap(({ whose, result }) => {
    const hex = evidence[`${result}Result`];
    if (typeof hex !== 'string' || !/^[0-9a-f ]*$/.test(hex)) return [];
    return [{ whose, values: valuesIn(hex, evidence[`${result}Rejected`] === true, fields) }];
  });
  if (kept.length < 2) return null;
  const names = [...new Set(kept.flatMap(({ values }) => [...values.keys()]))];
  return {
    whose: kept.map(({ whose }) => whose),
    rows: names.map((name) => {
      const texts = kept.map(({ values }) => values.get(name) ?? null);
      return { name, texts, differs: new Set(texts).size > 1 };
    }),
  };
}

/** By name; what no field names is there with its bytes. */
function valuesIn(hex: string, isRejected: boolean, fields: readonly NamedField[]): ReadonlyMap<string, string> {
  const parts = hex.split(' ').map(bytesOfHex);
  if (isRejected) return new Map([['result', `rejected (${reasonText(parts)})`]]);
  return new Map(
    parts.flatMap((bytes, part): [string, string][] => {
      const named = namedTexts(bytes, fields, part);
      if (named.length > 0) return named.map(({ name, text }) => [name, text]);
      return [[parts.length === 1 ? 'result' : `part ${part + 1} of the result`, nameValues(bytes, [])]];
    }),
  );
}
