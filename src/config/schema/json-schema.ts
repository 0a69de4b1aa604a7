import { z } from 'zod';
import { boardSchema } from './board-schema.js';
import { configSchema } from './config-schema.js';

/** The part of JSON Schema that ours uses. */
export interface JsonSchema {
  readonly description?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly required?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
}

/** JSON Schema of the configuration file as a person writes it (before defaults), for editors and for docs/config.md. */
export function configJsonSchema(): JsonSchema {
  const schema: unknown = z.toJSONSchema(configSchema, { io: 'input' });
  return schema as JsonSchema;
}

/** JSON Schema of a board's file, for editors and for docs/boards.md. */
export function boardJsonSchema(): JsonSchema {
  const schema: unknown = z.toJSONSchema(boardSchema, { io: 'input' });
  return schema as JsonSchema;
}

/** The schema of the value at `path`, or undefined where there is none. */
export function schemaAt(root: JsonSchema, path: readonly PropertyKey[]): JsonSchema | undefined {
  let at: JsonSchema | undefined = root;
  for (const key of path) {
    const further: JsonSchema | boolean | undefined =
      typeof key === 'number'
        ? (at?.items ?? at?.anyOf?.find((one) => one.items)?.items)
        : (propertiesOf(at)?.[String(key)] ?? at?.additionalProperties);
    at = typeof further === 'object' ? further : undefined;
  }
  return at;
}

/** The keys of a group, also where it is one of several kinds of value. */
export function propertiesOf(schema: JsonSchema | undefined): JsonSchema['properties'] {
  return schema?.properties ?? schema?.anyOf?.find(({ properties }) => properties !== undefined)?.properties;
}
