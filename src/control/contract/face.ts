import { z } from 'zod';
import { statusSchema } from './status.js';

/**
 * A status as somebody beside the gateway shows it: with its age, which goes on while the gateway says nothing. What is stale is never
 * called protected.
 */
export const faceSchema = statusSchema.extend({
  coreAgeMs: z.int().meta({
    description:
      'For how long the core is not known to have done its work, when this was sent; where the gateway has never answered, for how long it was asked.',
  }),
  isStale: z.boolean().meta({ description: 'That is more than 5 s, or the gateway has never answered.' }),
  staleWhy: z.string().nullable().meta({ description: 'Why nothing newer is known; null: it is fresh.' }),
});

/** One of the pairs of this machine, as a list has it. */
export const pairSummarySchema = z.strictObject({
  id: z.string().meta({ description: 'What the other addresses call it.' }),
  name: z.string(),
  file: z.string().meta({ description: 'Its configuration.' }),
  phase: z.string(),
  protected: z.boolean(),
  why: z.string(),
  coreAgeMs: z.int(),
  isStale: z.boolean(),
  staleWhy: z.string().nullable(),
});

export type Face = Readonly<z.infer<typeof faceSchema>>;
export type PairSummary = Readonly<z.infer<typeof pairSummarySchema>>;
