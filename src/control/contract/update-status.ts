import { z } from 'zod';

const differingFieldSchema = z.strictObject({
  field: z.string(),
  times: z.int().meta({ description: 'Inputs in which it differed.' }),
  firstSeq: z.int(),
  old: z.string().nullable().meta({
    description: 'At the first of them, with unit, of the old program; null: only the state differed.',
  }),
  fresh: z.string().nullable().meta({ description: 'So of the new program.' }),
  largest: z.string().nullable().meta({ description: 'The greatest distance, with unit; null: no numbers.' }),
});

/** A board that gets another program, as far as it has come (R26). */
export const updateStatusSchema = z.strictObject({
  board: z.string(),
  image: z.string().meta({ description: 'The file that is flashed.' }),
  stage: z.enum(['flashing', 'joining', 'trial', 'switching', 'failed']),
  why: z.string().nullable().meta({ description: 'Why it failed; null: it has not.' }),
  compared: z.int().meta({ description: 'Inputs that both programs have been compared on.' }),
  comparisons: z.int().meta({ description: 'As many have to be.' }),
  differing: z.int(),
  fields: z
    .array(differingFieldSchema.readonly())
    .readonly()
    .meta({ description: 'In what they differ, the most frequent first.' }),
  others: z.int().meta({ description: 'Differences beyond as many fields as are told apart.' }),
});

export type DifferingField = Readonly<z.infer<typeof differingFieldSchema>>;
export type UpdateStatus = Readonly<z.infer<typeof updateStatusSchema>>;

/** It has been compared long enough for somebody to accept it. */
export function isTried({ stage, compared, comparisons }: UpdateStatus): boolean {
  return stage === 'trial' && compared >= comparisons;
}

export function updateText({ board, stage, why, compared, comparisons, differing }: UpdateStatus): string {
  switch (stage) {
    case 'flashing':
      return `board ${board} is being flashed`;
    case 'joining':
      return `board ${board} is flashed and joins`;
    case 'trial': {
      const inputs = compared < comparisons ? `${compared} of ${comparisons} inputs` : `${compared} inputs`;
      return `board ${board} is compared with the old program: ${inputs}, ${differing} differ`;
    }
    case 'switching':
      return `board ${board} becomes the primary`;
    case 'failed':
      return `the update of board ${board} failed: ${why ?? 'no reason was noted'}`;
  }
}
