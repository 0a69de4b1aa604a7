import { z } from 'zod';

const MAX_COMPARISONS = 1_000_000;

const name = z.string().min(1);

/** What an image will say of itself in HELLO. */
const imageFactsSchema = z.strictObject({ imageHash: z.int(), stateLayout: z.int(), stateBytes: z.int() });

const converter = name.nullable().meta({
  description:
    "A program and its arguments, in the gateway's folder: it reads the old state from its input and writes the new one.",
});

/** What a firmware update asks of a running gateway (R26). */
export const updateBeginSchema = z.object({
  command: z.literal('update-begin'),
  board: name,
  image: name.meta({ description: 'The file to flash; absolute, and readable by the gateway.' }),
  facts: imageFactsSchema.readonly().nullable(),
  converter,
  comparisons: z
    .int()
    .min(1)
    .max(MAX_COMPARISONS)
    .meta({ description: 'Inputs that both programs are compared on before anybody may accept the new one.' }),
});

/** Could it begin, as far as files and programs of the gateway's host can tell? Nothing is done. */
export const updateCheckSchema = z.object({
  command: z.literal('update-check'),
  board: name,
  image: name,
  converter,
});

export const updateAcceptSchema = z.object({
  command: z.literal('update-accept'),
  fields: z
    .array(z.string())
    .readonly()
    .meta({ description: 'In what the two programs differ, as the person who accepts it has seen it.' }),
});

export const updateAbandonSchema = z.object({ command: z.literal('update-abandon') });

export type ImageFacts = Readonly<z.infer<typeof imageFactsSchema>>;
export type UpdateCommand = Readonly<
  z.infer<typeof updateBeginSchema | typeof updateCheckSchema | typeof updateAcceptSchema | typeof updateAbandonSchema>
>;
