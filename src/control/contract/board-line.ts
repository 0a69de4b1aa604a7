import { z } from 'zod';

/** Lines that one answer has at most: what it costs to tell them is a small part of a turn (R32). */
export const MOST_LINES_AT_ONCE = 200;

/** What a board said for people: `cc_log` of its sketch, or the library's own words. */
const boardLineSchema = z.strictObject({
  board: z.string(),
  number: z.int().meta({ description: 'Counted for each board from 1 on, since the gateway began.' }),
  at: z.string().meta({ description: 'When the gateway had it, by the clock of its host, ISO 8601.' }),
  text: z.string().meta({ description: 'As it came: whoever shows it sees to it that it acts on no terminal.' }),
});

/** The lines that are kept, the one that came first before the others; at most `MOST_LINES_AT_ONCE`. */
export const boardLinesSchema = z.strictObject({
  began: z.string().meta({ description: 'When this gateway began, ISO 8601: another one counts from 1 again.' }),
  lines: z.array(boardLineSchema.readonly()).readonly(),
  more: z.boolean().meta({ description: 'There are more after these: ask again.' }),
});

const requestSchema = z.object({
  board: z.string().min(1).nullable().default(null),
  after: z.record(z.string(), z.int().min(0)).readonly().default({}),
});

export type BoardLine = Readonly<z.infer<typeof boardLineSchema>>;
export type BoardLines = Readonly<z.infer<typeof boardLinesSchema>>;
/** Of one board, or (null) of all; only those after the number named for their board. */
export type BoardLinesRequest = Readonly<z.infer<typeof requestSchema>>;

/** `{"get":"log","board":"a","after":{"a":12}}` as it came; the text is what was expected instead. */
export function boardLinesRequestFrom(request: object): BoardLinesRequest | string {
  const read = requestSchema.safeParse(request);
  return read.success
    ? read.data
    : 'expected {"get":"log"}, with "board":"a" and "after":{"a":12} where they are wanted';
}
