import { z } from 'zod';

const MOST_WORDS = 8;
const MOST_LETTERS = 100;

/** `{"try":["halt","a"]}`: the words that a person typed, to the process that emulates the boards (docs/try.md). */
const requestSchema = z.object({
  try: z.array(z.string().max(MOST_LETTERS)).min(1).max(MOST_WORDS).readonly(),
});

const noticedFaultSchema = z.strictObject({
  fault: z.int().meta({ description: 'The number that copycat faults show takes.' }),
  what: z.string().meta({ description: 'As the gateway tells it, without what came of it.' }),
});

/** What a hand did to an emulated pair, and what the pair did about it. Times are emulated, from the hand on. */
export const handDoneSchema = z.strictObject({
  did: z.string(),
  drives: z.string().nullable().meta({ description: 'The board that the relay connects to the actuator; null: none.' }),
  tookOverAfterMs: z.number().nullable().meta({
    description: 'When the actuator was given to another board than before, for good; null: it was not.',
  }),
  noticed: z.array(noticedFaultSchema.readonly()).readonly(),
  protected: z.boolean().nullable().meta({ description: 'Null: the gateway gave no status.' }),
  why: z.string().meta({ description: "As the gateway's status says it." }),
  heals: z.boolean().meta({ description: 'The pair was to come back to what it was, and was watched until it had.' }),
  watchedMs: z.number().meta({ description: 'For how long the pair was watched.' }),
  isCutShort: z.boolean().meta({ description: 'Another hand came meanwhile: what follows is told there.' }),
});

export type NoticedFault = Readonly<z.infer<typeof noticedFaultSchema>>;
export type HandDone = Readonly<z.infer<typeof handDoneSchema>>;

/** `refused`: it makes no sense as the boards stand; nothing was done. */
export type HandOutcome = HandDone | { readonly refused: string };

/** `{"try":["halt","a"]}` as it came; the text is what was expected instead. */
export function handWordsFrom(request: object): readonly string[] | string {
  const read = requestSchema.safeParse(request);
  return read.success ? read.data.try : 'expected {"try":["halt","a"]}';
}
