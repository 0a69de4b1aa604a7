import { z } from 'zod';
import { LEAST_BAUD, LINE_PATTERN, MOST_BAUD, parseLine } from '../../values/line-settings.js';
import { DURATION_PATTERN, parseDuration } from './duration.js';

/** What the schema of the configuration is made of. Every error message is what was expected, as the second half of a sentence. */

export const DURATION = 'a duration, such as 50ms, 1s or 100us';

export const duration = (description: string) =>
  z
    .string({ error: DURATION })
    .regex(DURATION_PATTERN, { error: DURATION })
    .transform((text) => parseDuration(text) ?? 0)
    .meta({ description });

export const positiveDuration = (description: string) =>
  duration(description).refine((us) => us > 0, { error: 'a duration longer than nothing' });

export const wholeNumber = (least: number, most: number, description: string) => {
  const expected = `a whole number from ${least} to ${most}`;
  return z
    .int({ error: expected })
    .min(least, { error: expected })
    .max(most, { error: expected })
    .meta({ description });
};

export const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words, description: string) =>
  z.enum(words, { error: words.length === 1 ? words[0] : `one of ${words.join(', ')}` }).meta({ description });

export const text = (expected: string, description: string) =>
  z.string({ error: expected }).min(1, { error: expected }).meta({ description });

export const number = (description: string) => z.number({ error: 'a number' }).meta({ description });

const SHORT_NAME = 'a short name of small letters, digits and dashes';

/** Of a pair, a board or a copy: it stands in commands and file names. */
export const shortName = () => z.string({ error: SHORT_NAME }).regex(/^[a-z][a-z0-9-]{0,31}$/, { error: SHORT_NAME });

const LINE = `bits per second from ${LEAST_BAUD} to ${MOST_BAUD}, data bits, parity (N, E, O) and stop bits, such as 115200-8N1`;

/** A number, where somebody left the format out, is none: what was meant would be a guess. */
export const lineSettings = (description: string) =>
  z
    .string({ error: LINE })
    .regex(LINE_PATTERN, { error: LINE })
    .refine((said) => parseLine(said) !== null, { error: LINE })
    .meta({ description });

export const flag = (description: string) => z.boolean({ error: 'true or false' }).meta({ description });

/** An object that refuses keys it does not know; `expected` is said when something else stands there. */
export const group = <Shape extends z.ZodRawShape>(shape: Shape, expected: string, description: string) =>
  z
    .strictObject(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? undefined : expected) })
    .meta({ description });
