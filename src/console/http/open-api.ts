import { z } from 'zod';
import type { Route } from './route.js';

const refusalSchema = z.strictObject({
  error: z.string().meta({ description: 'What is wrong, for a person.' }),
  expected: z.string().exactOptional(),
});

/** The API as OpenAPI 3.1 has it, from the schemas that check what comes in. */
export function openApi(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Copycat', version, description: 'The console of Copycat: docs/console.md.' },
    paths,
  };
}

function operation({ path, summary, query, body, answer, type = 'application/json' }: Route): object {
  const named = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true, schema: { type: 'string' } },
  }));
  const content = answer === undefined ? { [type]: {} } : { [type]: { schema: schemaOf(answer) } };
  return {
    summary,
    parameters: [...named, ...(query === undefined ? [] : parametersOf(query))],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } } }),
    responses: {
      200: { description: 'It is so', content },
      default: {
        description: 'It is not, and why',
        content: { 'application/json': { schema: schemaOf(refusalSchema) } },
      },
    },
  };
}

function parametersOf(query: z.ZodObject): object[] {
  return Object.entries(query.shape).map(([name, schema]) => {
    const { description, ...said } = schemaOf(schema as z.ZodType, 'input') as { description?: string };
    return { name, in: 'query', required: false, ...(description === undefined ? {} : { description }), schema: said };
  });
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output' = 'output'): object {
  const { $schema: _, ...said } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return said;
}
