import type { z } from 'zod';
import { nearestWord } from '../../words/nearest-word.js';
import { configJsonSchema, type JsonSchema, propertiesOf, schemaAt } from './json-schema.js';

/** `path` in the file, what stands there (null: nothing), what was expected, and a further word. */
export type Complain = (path: readonly (string | number)[], value: unknown, expected: string, hint?: string) => void;

/** One thing that is wrong with a configuration file, in the words of the person who wrote it. */
export interface ConfigProblem {
  /** `boards.a.baud`; empty for the file as a whole. */
  readonly key: string;
  /** 1 for the first line; null when it is not known. */
  readonly line: number | null;
  readonly value: unknown;
  readonly expected: string;
  /** The whole sentence, without file and line. */
  readonly message: string;
}

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** What the file says, as far as explaining needs it. */
export interface ConfigSource {
  valueAt(path: Path): unknown;
  /** Line of the key at `path`; of its nearest known parent where the key itself is missing. */
  lineAt(path: Path): number | null;
}

/** All that the schema found. A mistyped key is one mistake: the right one is not called missing as well. */
export function explainIssues(
  issues: readonly Issue[],
  source: ConfigSource,
  schema: () => JsonSchema = configJsonSchema,
): { readonly problems: readonly ConfigProblem[]; readonly meant: ReadonlySet<string> } {
  const explained = issues.flatMap((issue) => explainIssue(issue, source, schema));
  const meant = new Set(explained.map(({ key, expected }) => key.replace(/[^.]*$/, '') + expected));
  return { problems: explained.filter((one) => one.value !== undefined || !meant.has(one.key)), meant };
}

/**
 * Turns what the schema found into sentences: key, value, what was expected; for an unknown key the nearest known one. `schema`: that of
 * the file.
 */
function explainIssue(issue: Issue, source: ConfigSource, schema: () => JsonSchema): readonly ConfigProblem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => explainUnknownKey(key, issue.path, source, schema));
  const deeper = deeperIssues(issue);
  if (deeper.length > 0) return deeper.flatMap((inner) => explainIssue(inner, source, schema));
  if (issue.code === 'invalid_key') {
    return [problem(issue.path, source, issue.path.at(-1), issue.issues[0]?.message ?? issue.message)];
  }
  return [problem(issue.path, source, source.valueAt(issue.path), issue.message)];
}

/** Of a choice: what is wrong inside the kind of value that stands there; empty where it is none of them. */
export function deeperIssues(issue: Issue): readonly Issue[] {
  if (issue.code !== 'invalid_union') return [];
  return issue.errors
    .flat()
    .filter((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys')
    .map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

function explainUnknownKey(key: string, path: Path, source: ConfigSource, schema: () => JsonSchema): ConfigProblem {
  const known = Object.keys(propertiesOf(schemaAt(schema(), path)) ?? {});
  const near = nearestWord(key, known);
  const where = path.length === 0 ? '' : ` in ${pathText(path)}`;
  const expected = near === undefined ? `one of the keys ${known.join(', ')}` : near;
  const hint = near === undefined ? `known here: ${known.join(', ')}` : `did you mean ${near}?`;
  return {
    key: pathText([...path, key]),
    line: source.lineAt([...path, key]),
    value: key,
    expected,
    message: `unknown key ${key}${where}; ${hint}`,
  };
}

/** What stands at `path` is not what it should be beside the other keys. */
export function explainValue(path: Path, source: ConfigSource, expected: string): ConfigProblem {
  return problem(path, source, source.valueAt(path), expected);
}

function problem(path: Path, source: ConfigSource, value: unknown, expected: string): ConfigProblem {
  const key = pathText(path);
  const named = key === '' ? 'the file' : key;
  const message =
    value === undefined
      ? `${named} is missing; expected ${expected}`
      : `${named} is ${valueText(value)}; expected ${expected}`;
  return { key, line: source.lineAt(path), value, expected, message };
}

/** `input[1].framing`, as a person finds it. */
export function pathText(path: Path): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${String(key)}`))
    .join('');
}

/** What `pathText` was told. */
export function pathOf(key: string): readonly (string | number)[] {
  return key.split(/[.[\]]+/).flatMap((part) => (part === '' ? [] : [/^\d+$/.test(part) ? Number(part) : part]));
}

/** A value as its writer would recognise it, cut short. */
function valueText(value: unknown): string {
  if (value === null) return 'empty';
  const text = jsonOf(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch (error) {
    // Thousands of brackets: nobody would recognise them either.
    if (error instanceof RangeError) return 'nested too deep';
    throw error;
  }
}
