import { z } from 'zod';
import { eventSchema } from './event.js';
import { factsSchema, hexSchema, namedValueSchema } from './named-value.js';

const values = z.array(namedValueSchema.readonly()).readonly();

/** One fault, or one planned thing that is kept beside them, as a program reads it. Times in microseconds of the gateway's clock. */
export const faultSchema = z.strictObject({
  id: z.int().meta({ description: "The ledger's number; of a bench: the running one that faults show takes." }),
  code: z.string(),
  title: z.string().meta({ description: 'What a person reads first.' }),
  board: z.string().nullable(),
  seq: z.int().nullable(),
  atUs: z.int(),
  wallTime: z.string().meta({ description: 'ISO 8601.' }),
  wallTimeTrusted: z.boolean().meta({ description: 'Whether the clock was known to be set.' }),
  bootId: z.string(),
  evidence: factsSchema,
  timeline: z
    .array(eventSchema.readonly())
    .readonly()
    .meta({ description: 'Its story, in the order in which it happened.' }),
  input: z
    .strictObject({
      ref: z.string(),
      kind: z.string(),
      payload: hexSchema,
      values,
      result: z.array(hexSchema).readonly().nullable(),
      resultValues: z.array(values).readonly().nullable(),
      rejected: z.boolean().exactOptional().meta({ description: 'True: the sketch would not have it (cc_reject).' }),
    })
    .readonly()
    .nullable(),
  event: z.boolean().meta({ description: 'Somebody wanted it so: it is no fault, and closed by itself.' }),
  closedAt: z.string().nullable(),
  closedBy: z.string().nullable().exactOptional().meta({ description: 'Absent: it is open, or nobody has said it.' }),
  note: z.string().nullable().exactOptional().meta({ description: 'What whoever closed it has found and done.' }),
  repeats: z.int().meta({ description: 'How often the same has come again and was counted instead of written.' }),
  scenario: z.string().exactOptional().meta({ description: 'Of a bench.' }),
  ledger: z.string().nullable().exactOptional(),
  idInLedger: z.int().exactOptional(),
});

export type FaultView = Readonly<z.infer<typeof faultSchema>>;
