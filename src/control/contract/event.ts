import { z } from 'zod';
import { factsSchema } from './named-value.js';

/** What can happen in the story of a fault or of something planned, by the names under which the ledger keeps it. */
export const EVENT_STEPS = [
  ...[
    'evidence',
    'declared-failed',
    'fenced',
    'relay-commanded',
    'relay-moved',
    'held-in-reset',
    'link-disturbed',
    'link-back',
    'reset',
  ],
  ...['violation-sent', 'late-commit-refused', 'first-input-given', 'first-answer', 'took-over', 'set-aside'],
  ...['intermittent', 'kept-out', 'joined', 'flashed', 'accepted', 'abandoned', 'stopped', 'recorded-again'],
  ...['host-in-trouble', 'ended', 'closed'],
] as const;

/** One thing that happened, as the fault log tells it. */
export const eventSchema = z.strictObject({
  step: z.string().meta({
    description: 'What happened. A ledger that a newer Copycat has written may have others.',
    examples: [...EVENT_STEPS],
  }),
  atUs: z.int().meta({ description: "Microseconds of the gateway's clock, which begins anew with the host." }),
  detail: factsSchema,
});

export type EventView = Readonly<z.infer<typeof eventSchema>>;
