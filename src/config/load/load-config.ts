import { dirname, resolve } from 'node:path';
import { CopycatError } from '../../errors/copycat-error.js';
import type { Config } from '../config.js';
import { configSchema } from '../schema/config-schema.js';
import { type ConfigProblem, type ConfigSource, explainIssues, pathOf } from '../schema/explain-issue.js';
import { dependsOn, withoutMistakes } from '../schema/without-mistakes.js';
import { fileToConfig } from './file-to-config.js';
import { readConfigFile } from './read-config-file.js';
import { readYaml } from './read-yaml.js';

/** Reads and checks a configuration file. Throws CONFIG_MISSING or CONFIG_INVALID; the message names every problem. */
export function loadConfig(file: string): Config {
  return parseConfig(readConfigFile(file), file, dirname(resolve(file)));
}

/** The same from text. `shownName` stands in messages, relative paths begin at `folder`. */
export function parseConfig(text: string, shownName: string, folder: string): Config {
  const { config, problems } = examineConfig(text, shownName, folder);
  if (problems.length > 0 || config === null) throw invalid(shownName, problems);
  return config;
}

/** What stands in a file, and all that is wrong with it. */
export interface ExaminedConfig {
  /**
   * Without `problems` what the file says. With them what the rest of it says, for looking at and not for running; null: there is not
   * enough of it.
   */
  readonly config: Config | null;
  readonly problems: readonly ConfigProblem[];
  /** Whether what is said of this key may come of what was wrong elsewhere. */
  readonly isInDoubt: (key: string) => boolean;
  /** Of a key such as `input[1].listen`, or of the nearest one above it that the file has; null: it has none. */
  readonly lineOf: (key: string) => number | null;
}

/** The file at `file`, examined. Throws CONFIG_MISSING, and CONFIG_INVALID where it is no YAML or none of ours. */
export function examineConfigFile(file: string): ExaminedConfig {
  return examineConfig(readConfigFile(file), file, dirname(resolve(file)));
}

function examineConfig(text: string, shownName: string, folder: string): ExaminedConfig {
  const read = readYaml(text);
  if ('problem' in read) throw invalid(shownName, [{ key: '', value: undefined, ...read.problem }]);
  const { value, source } = read;
  const lineOf = (key: string) => lineOfKey(source, pathOf(key));
  const parsed = configSchema.safeParse(value);
  if (parsed.success) {
    const { config, problems } = fileToConfig(parsed.data, folder, source);
    const keys = problems.map(({ key }) => key);
    // Of a kind whose file is wrong nothing is known, and what is said of its board comes of that.
    const kinds = keys.filter((key) => /^boards\.[^.]+\.kind$/.test(key));
    return { config, problems, lineOf, isInDoubt: (key) => keys.includes(key) || dependsOn(key, kinds) };
  }
  const { problems, meant } = explainIssues(parsed.error.issues, source);
  const rest = withoutMistakes(value);
  if (rest === null) return { config: null, problems, lineOf, isInDoubt: () => true };
  const isInDoubt = (key: string) => meant.has(key) || rest.isInDoubt(key);
  const further = fileToConfig(rest.file, folder, source);
  const sure = further.problems.filter(({ key }) => !isInDoubt(key));
  return { config: further.config, problems: [...problems, ...sure], lineOf, isInDoubt };
}

function lineOfKey(source: ConfigSource, path: readonly (string | number)[]): number | null {
  for (let length = path.length; length > 0; length--) {
    const above = path.slice(0, length);
    if (source.valueAt(above) !== undefined) return source.lineAt(above);
  }
  return null;
}

/** In the order of the file. */
export function inOrder(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  return [...problems].sort((one, other) => (one.line ?? 0) - (other.line ?? 0));
}

function invalid(shownName: string, problems: readonly ConfigProblem[]): CopycatError {
  const sorted = inOrder(problems);
  const sentences = sorted.map(({ line, message }) => `${shownName}${line === null ? '' : `:${line}`}: ${message}`);
  return new CopycatError('CONFIG_INVALID', sentences.join('\n'), {
    value: sorted[0]?.value,
    ...(sorted[0] === undefined ? {} : { expected: sorted[0].expected }),
  });
}
