import { sizeOf } from '../../pair/result/fields.js';
import type { RawType } from '../../values/raw-value.js';
import type { ConfigFile } from '../schema/config-schema.js';
import { type ConfigProblem, type ConfigSource, explainValue } from '../schema/explain-issue.js';

/** What two keys have in common. */
interface Place {
  readonly name: string;
  readonly type: RawType;
  readonly part?: number;
  readonly offset: number;
}

type Path = readonly (string | number)[];
type Complain = (path: Path, expected: string) => void;

/** What is wrong between the keys of the named values, where each by itself is right. */
export function checkFields(file: ConfigFile, source: ConfigSource): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const complain: Complain = (path, expected) => {
    problems.push(explainValue(path, source, expected));
  };
  const { input, result, state } = file.fields;
  checkNames(['fields', 'input'], input, complain);
  checkPlaces(['fields', 'input'], input, complain);
  checkNames(['fields', 'result'], result, complain);
  checkPlaces(['fields', 'result'], result, complain);
  checkNames(['fields', 'state'], state, complain);
  checkPlaces(['fields', 'state'], state, complain);
  for (const [index, field] of result.entries()) checkLimits(['fields', 'result', index], field, complain);
  checkNames(['sources'], file.sources ?? [], complain);
  checkNames(['outputs'], typeof file.outputs === 'object' ? file.outputs : [], complain);
  return problems;
}

/** Faults speak in names: each means one thing. */
function checkNames(path: Path, named: readonly { readonly name: string }[], complain: Complain): void {
  for (const [index, { name }] of named.entries()) {
    const first = named.findIndex((other) => other.name === name);
    if (first < index) complain([...path, index, 'name'], 'a name that no other one of the list has');
  }
}

/** R20: a byte belongs to one field, or it would be compared by two rules. */
function checkPlaces(path: Path, fields: readonly Place[], complain: Complain): void {
  for (const [index, field] of fields.entries()) {
    const other = fields.slice(0, index).find((before) => overlap(before, field));
    if (other === undefined) continue;
    const last = other.offset + sizeOf(other) - 1;
    const where = last === other.offset ? `byte ${last}` : `bytes ${other.offset} to ${last}`;
    complain([...path, index, 'offset'], `a place beside ${where}, which ${other.name} (${other.type}) has`);
  }
}

function overlap(one: Place, other: Place): boolean {
  const samePart = (one.part ?? 0) === (other.part ?? 0);
  return samePart && one.offset < other.offset + sizeOf(other) && other.offset < one.offset + sizeOf(one);
}

function checkLimits(path: Path, field: ConfigFile['fields']['result'][number], complain: Complain): void {
  if (field.min !== undefined && field.max !== undefined && field.min > field.max) {
    complain([...path, 'min'], `at most max, which is ${field.max}`);
  }
  if (field.type !== 'bool') return;
  const keys = ['tolerance', 'min', 'max', 'max-change-per-s'] as const;
  for (const key of keys) {
    if (field[key] !== undefined && field[key] !== 0) complain([...path, key], 'none: a bool is true or it is not');
  }
  if (field.scale !== 1) complain([...path, 'scale'], 'none: a bool is true or it is not');
}
