import { readFileSync } from 'node:fs';

/** Everything that a recipe of a core may name: `build.mcu` and its value. */
export type Properties = ReadonlyMap<string, string>;

/** `key=value` lines, as platform.txt, boards.txt and library.properties have them. */
export function readProperties(file: string): Properties {
  const lines = readFileSync(file, 'utf8').split(/\r?\n/);
  const pairs = lines.filter((line) => !line.startsWith('#') && line.includes('='));
  return new Map(
    pairs.map((line) => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1).trim()]),
  );
}

/** The command of a recipe, as a list of words, `values` beside and before the properties. */
export function commandOf(
  properties: Properties,
  recipe: string,
  values: Readonly<Record<string, string>>,
): readonly string[] {
  const expand = (text: string): string =>
    text.replace(/\{([^{}]+)\}/g, (_, key: string) => expand(values[key] ?? properties.get(key) ?? ''));
  const words = expand(properties.get(recipe) ?? '').match(/(?:"[^"]*"|[^\s"])+/g) ?? [];
  return words.map((word) => word.replaceAll('"', '')).filter((word) => word !== '');
}
