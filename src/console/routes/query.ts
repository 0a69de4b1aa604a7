import { z } from 'zod';

/** Numbers and words as they stand in an address. */

const MOST_AT_ONCE = 200;

/** A number of a fault, an event or an input. */
export function number(description: string) {
  return z
    .string()
    .regex(/^\d{1,15}$/, { error: 'expected a whole number' })
    .transform(Number)
    .optional()
    .meta({ description });
}

/** How many at most; what one answer has is bounded. */
export const limit = z
  .string()
  .regex(/^\d{1,6}$/, { error: 'expected a whole number' })
  .transform((text) => Math.min(MOST_AT_ONCE, Math.max(1, Number(text))))
  .optional()
  .meta({ description: `Most to give; never more than ${MOST_AT_ONCE}. Left out: 50.` });

export const USUAL_LIMIT = 50;

export const flag = z
  .enum(['true', 'false'], { error: 'expected true or false' })
  .transform((said) => said === 'true')
  .optional();

/** A board, a code. */
export const word = z.string().min(1).max(100).optional();
