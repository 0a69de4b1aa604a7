import { z } from 'zod';
import type { StoryParts } from '../../faults/story.js';

/** A fault's story in its parts, as src/faults/story.ts tells it. */
export const storySchema: z.ZodType<StoryParts> = z.strictObject({
  facts: z.array(z.strictObject({ label: z.string(), text: z.string() }).readonly()).readonly(),
  happened: z.string(),
  done: z.string(),
  effect: z.string().meta({ description: 'On the actuator.' }),
  timeline: z
    .array(
      z
        .strictObject({
          afterMs: z
            .number()
            .nullable()
            .meta({ description: 'From the evidence on; null: later, after the host had restarted.' }),
          text: z.string(),
        })
        .readonly(),
    )
    .readonly(),
  next: z
    .array(z.strictObject({ text: z.string(), commands: z.array(z.string()).readonly() }).readonly())
    .readonly()
    .meta({ description: 'What to do now.' }),
  sides: z
    .strictObject({
      whose: z.array(z.string()).readonly(),
      rows: z
        .array(
          z
            .strictObject({ name: z.string(), texts: z.array(z.string().nullable()).readonly(), differs: z.boolean() })
            .readonly(),
        )
        .readonly(),
    })
    .readonly()
    .nullable()
    .meta({ description: 'Of results that differ; null: it is about none.' }),
});
