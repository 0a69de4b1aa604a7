// Writes docs/config.md, docs/config.schema.json and docs/board.schema.json from the schemas in src/config (as built), and the table of
// docs/boards.md.
//   node tools/generate-docs.mjs [--check]   --check: says whether they are stale and writes nothing
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { boardJsonSchema, configJsonSchema } from '#built/config/schema/json-schema.js';
import { writeOrCheck } from './generated-files.mjs';
import { ROOT } from './run-program.mjs';

/** What profiles say where a file does not: it is another value in each. */
const profileKeys = new Set(
  readdirSync(`${ROOT}boards/profiles`).flatMap((file) =>
    Object.keys(parse(readFileSync(`${ROOT}boards/profiles/${file}`, 'utf8'))).map((key) => `protocol.${key}`),
  ),
);
const schema = configJsonSchema();
const boardSchema = boardJsonSchema();
const HEAD = '| key | what it may be | left out | meaning |\n| --- | --- | --- | --- |\n';
const TABLE = /(<!-- keys: .* -->\n)[\s\S]*?(<!-- end of the keys -->)/;
writeOrCheck(
  {
    'docs/config.md': page(schema),
    'docs/config.schema.json': `${JSON.stringify(schema, null, 2)}\n`,
    'docs/board.schema.json': `${JSON.stringify(boardSchema, null, 2)}\n`,
    'docs/boards.md': readFileSync(`${ROOT}docs/boards.md`, 'utf8').replace(
      TABLE,
      (_all, begin, end) => `${begin}\n${HEAD}${rows(boardSchema, '').join('\n')}\n\n${end}`,
    ),
  },
  'node tools/generate-docs.mjs',
);

function page(root) {
  return `# The configuration file

<!-- Written by tools/generate-docs.mjs from src/config/schema/config-schema.ts. -->

One YAML file describes one pair. [example.yaml](../example.yaml) has all that is needed, on emulated boards:

\`\`\`yaml
${readFileSync(`${ROOT}example.yaml`, 'utf8').trim()}
\`\`\`

\`copycat check FILE\` says what is wrong with a file and what may surprise; \`copycat schema\` prints its JSON Schema
(also in [config.schema.json](config.schema.json)), with which an editor completes and checks keys. Durations are a number
and a unit: \`100us\`, \`50ms\`, \`1s\`, \`5min\`. Relative paths begin at the folder of the file.

| key | what it may be | default | meaning |
| --- | --- | --- | --- |
${rows(root, '').join('\n')}
`;
}

/** One table row a key, groups opened up below it. */
function rows(group, prefix) {
  return Object.entries(group.properties ?? {}).flatMap(([key, value]) => {
    const name = `${prefix}${key}`;
    const inner = innerGroup(value, name);
    const fallback =
      value.default === undefined || inner !== undefined ? defaultOf(group, key, name, inner) : code(value.default);
    return [
      `| \`${name}\` | ${kind(value)} | ${fallback} | ${descriptionOf(value)} |`,
      ...(inner === undefined ? [] : rows(inner.group, inner.prefix)),
    ];
  });
}

function defaultOf(group, key, name, inner) {
  if (group.required?.includes(key)) return '**needed**';
  if (inner === undefined && profileKeys.has(name)) return 'of the profile';
  if (/\bDefault: /.test(descriptionOf(group.properties[key]))) return 'see there';
  return inner === undefined ? 'none' : '';
}

function innerGroup(value, name) {
  if (value.properties !== undefined) return { group: value, prefix: `${name}.` };
  if (value.additionalProperties?.properties !== undefined) {
    return { group: value.additionalProperties, prefix: `${name}.NAME.` };
  }
  const choice = value.anyOf?.find(({ properties }) => properties !== undefined);
  if (choice !== undefined) return { group: choice, prefix: `${name}.` };
  if (value.items?.properties !== undefined) return { group: value.items, prefix: `${name}[].` };
  return undefined;
}

/** What may be null as well has its description within. */
function descriptionOf({ description, anyOf = [] }) {
  return description ?? anyOf.find((one) => one.description !== undefined)?.description ?? '';
}

function kind(value) {
  if (value.type === 'null') return '`null`';
  if (value.enum !== undefined) return value.enum.map(code).join(', ');
  if (value.const !== undefined) return code(value.const);
  if (value.anyOf !== undefined) return [...new Set(value.anyOf.map(kind))].join(' or ');
  if (value.properties !== undefined || value.additionalProperties?.properties !== undefined) return 'group';
  if (value.type === 'array') return 'list';
  if (value.type === 'integer') return `${value.minimum} to ${value.maximum}`;
  if (value.type === 'boolean') return '`true`, `false`';
  if (value.pattern?.includes('us|ms|s|min') && !value.pattern.includes('every')) {
    return value.pattern.includes('off') ? 'duration or `off`' : 'duration';
  }
  return value.type === 'number' ? 'number' : 'text';
}

function code(value) {
  return value === '' ? 'empty' : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
