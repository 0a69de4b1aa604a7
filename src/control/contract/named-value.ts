import { z } from 'zod';

/** A value that the configuration names; a float that is no number is null. */
export const namedValueSchema = z.strictObject({
  name: z.string(),
  value: z.union([z.number(), z.boolean(), z.null()]),
  unit: z.string(),
});

export const hexSchema = z.string().regex(/^([0-9a-f]{2})*$/);

/** Named facts, as evidence and steps of a fault have them. */
export const factsSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).readonly();
