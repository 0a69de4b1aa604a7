import { z } from 'zod';
import { hexSchema, namedValueSchema } from './named-value.js';

const values = z.array(namedValueSchema.readonly()).readonly();

/** One input, as a program reads it. */
export const inputSchema = z.strictObject({
  seq: z.int(),
  ref: z.string(),
  kind: z.enum(['input', 'tick', 'offer', 'probe', 'recovered']),
  state: z.string().meta({ description: 'pending, quarantined, dropped, rejected or finished.' }),
  pairTimeMs: z.int(),
  payload: hexSchema,
  values,
  commit: z
    .strictObject({
      board: z.string(),
      epoch: z.int(),
      hash: z.int(),
      executionCount: z.int(),
      digest: z.int().nullable(),
      observed: z.array(z.int()).readonly(),
      readings: values,
      rejected: z.boolean().exactOptional().meta({ description: 'The sketch would not have it (cc_reject).' }),
      reason: z
        .string()
        .exactOptional()
        .meta({ description: 'Of what is rejected: why, as far as the sketch said. Its bytes are in the parts.' }),
      parts: z.array(z.strictObject({ rejected: z.boolean(), body: hexSchema, values }).readonly()).readonly(),
    })
    .readonly()
    .nullable(),
  doneBy: z.array(z.string()).readonly().meta({ description: 'Boards that have acted on it.' }),
  readBacks: z
    .array(z.strictObject({ board: z.string(), levels: z.array(z.int()).readonly(), values }).readonly())
    .readonly()
    .exactOptional()
    .meta({
      description: 'What the outputs of each board showed right after it had acted, in the order of cc_output.',
    }),
  attempts: z
    .array(z.strictObject({ board: z.string(), session: z.int() }).readonly())
    .readonly()
    .meta({ description: 'Boards that were given it while alone in charge.' }),
  emitted: z.boolean().meta({ description: 'The answer is known to have left.' }),
  quarantined: z.boolean(),
  dropped: z.boolean(),
});

export type InputView = Readonly<z.infer<typeof inputSchema>>;
