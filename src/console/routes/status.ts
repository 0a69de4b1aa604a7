import { z } from 'zod';
import { faceSchema } from '../../control/contract/face.js';
import { type Route, route } from '../http/route.js';
import type { Pairs } from '../pairs/pairs.js';
import { json } from '../reply.js';
import type { Streams } from '../stream/streams.js';
import { ofPair } from './of-pair.js';

const NUMBER = /^\d{1,15}$/;

/** How a pair stands: once, or as it goes on. */
export function statusRoutes(pairs: Pairs, streams: Streams): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/pairs/:id/status',
      summary: 'How the pair stands, with live values and the age of what is told',
      answer: faceSchema,
      handle: ({ named }) => ofPair(pairs, named['id'], ({ face }) => json(face)),
    }),
    route({
      method: 'GET',
      path: '/api/pairs/:id/stream',
      summary: 'Server-sent events: status, fault, event, recording (docs/console.md)',
      query: z.strictObject({
        after: z
          .string()
          .regex(NUMBER, { error: 'expected the number of a fault or an event' })
          .transform(Number)
          .optional()
          .meta({ description: 'As Last-Event-ID, for whoever cannot send headers.' }),
      }),
      type: 'text/event-stream',
      handle: ({ named, query, lastEventId }) =>
        ofPair(pairs, named['id'], (pair) => {
          // What a browser says when it comes back is newer than the address that it was given once.
          const after = lastEventId !== null && NUMBER.test(lastEventId) ? Number(lastEventId) : (query.after ?? null);
          return streams.open(pair, after);
        }),
    }),
  ];
}
