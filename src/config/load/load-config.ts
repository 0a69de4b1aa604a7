import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isMap, isNode, isPair, isScalar, LineCounter, parseDocument, type YAMLParseError } from 'yaml';
import { CopycatError } from '../../errors/copycat-error.js';
import type { Config } from '../config.js';
import { configSchema } from '../schema/config-schema.js';
import { type ConfigProblem, type ConfigSource, explainIssue } from '../schema/explain-issue.js';
import { fileToConfig } from './file-to-config.js';

/** Reads and checks a configuration file. Throws CONFIG_MISSING or CONFIG_INVALID; the message names every problem. */
export function loadConfig(file: string): Config {
  const path = resolve(file);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CopycatError('CONFIG_MISSING', `the configuration file ${file} cannot be read`, {
      value: path,
      expected: 'a YAML file; a minimal one is in example.yaml, every key in docs/config.md',
      cause,
    });
  }
  return parseConfig(text, file, dirname(path));
}

/** The same from text. `shownName` stands in messages, relative paths begin at `folder`. */
export function parseConfig(text: string, shownName: string, folder: string): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const [syntax] = document.errors;
  if (syntax !== undefined) {
    const line = lines.linePos(syntax.pos[0]).line;
    throw invalid(shownName, [{ key: '', line, value: undefined, ...syntaxProblem(syntax, text) }]);
  }
  const source: ConfigSource = {
    valueAt(path) {
      const found = path.length === 0 ? document.contents : document.getIn(path, true);
      return isNode(found) ? found.toJS(document) : undefined;
    },
    lineAt: (path) => lineOf(document.contents, path, lines),
  };
  const parsed = configSchema.safeParse(document.toJS() ?? {});
  if (!parsed.success) {
    const problems = parsed.error.issues.flatMap((issue) => explainIssue(issue, source));
    // A mistyped key is one mistake: do not also call the right one missing.
    const meant = new Set(problems.map(({ key, expected }) => key.replace(/[^.]*$/, '') + expected));
    throw invalid(
      shownName,
      problems.filter(({ key, value }) => value !== undefined || !meant.has(key)),
    );
  }
  const result = fileToConfig(parsed.data, folder, source);
  if (result.problems.length > 0) throw invalid(shownName, result.problems);
  return result.config;
}

function syntaxProblem(
  { code, message, pos }: YAMLParseError,
  text: string,
): Pick<ConfigProblem, 'expected' | 'message'> {
  if (code !== 'DUPLICATE_KEY') return { expected: 'valid YAML', message: `not valid YAML: ${message}` };
  const key = /^[^\s:]+/.exec(text.slice(pos[0]))?.[0] ?? '';
  return { expected: 'it once', message: `the key ${key} is there twice; expected it once` };
}

function invalid(shownName: string, problems: readonly ConfigProblem[]): CopycatError {
  const sorted = [...problems].sort((one, other) => (one.line ?? 0) - (other.line ?? 0));
  const sentences = sorted.map(({ line, message }) => `${shownName}${line === null ? '' : `:${line}`}: ${message}`);
  return new CopycatError('CONFIG_INVALID', sentences.join('\n'), {
    value: sorted[0]?.value,
    ...(sorted[0] === undefined ? {} : { expected: sorted[0].expected }),
  });
}

/** Walks down as far as the path exists and gives the line of the last key it found. */
function lineOf(contents: unknown, path: readonly PropertyKey[], lines: LineCounter): number | null {
  let at: unknown = contents;
  let offset: number | undefined = isNode(contents) ? contents.range?.[0] : undefined;
  for (const key of path) {
    if (isMap(at)) {
      const pair = at.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key);
      if (pair === undefined) break;
      offset = isScalar(pair.key) ? pair.key.range?.[0] : offset;
      at = pair.value;
    } else if (isNode(at) && 'items' in at && Array.isArray(at.items) && typeof key === 'number') {
      at = at.items[key];
      offset = isNode(at) ? (at.range?.[0] ?? offset) : offset;
    } else {
      break;
    }
  }
  return offset === undefined ? null : lines.linePos(offset).line;
}
