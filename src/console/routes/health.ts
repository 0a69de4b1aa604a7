import { z } from 'zod';
import { pairSummarySchema } from '../../control/contract/face.js';
import { type Route, route } from '../http/route.js';
import type { Pairs } from '../pairs/pairs.js';
import { json } from '../reply.js';

const healthSchema = z.strictObject({
  healthy: z.boolean(),
  reasons: z.array(z.string()).readonly().meta({ description: 'Empty where all is well.' }),
});

/** For whoever watches from outside: 200 only while every pair is fresh. Whether it is protected stands in its status. */
export function healthRoutes(pairs: Pairs): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/health',
      summary: 'Whether what is told of all pairs is fresh: 200, or 503 with the reasons',
      answer: healthSchema,
      isOpen: true,
      handle: () => {
        const reasons = pairs.all.flatMap((pair) => {
          const { isStale, staleWhy } = pair.face;
          return isStale ? [`${pair.id}: ${staleWhy ?? 'stale'}`] : [];
        });
        return json({ healthy: reasons.length === 0, reasons }, reasons.length === 0 ? 200 : 503);
      },
    }),
    route({
      method: 'GET',
      path: '/api/pairs',
      summary: 'All pairs that this console serves',
      answer: z.strictObject({ pairs: z.array(pairSummarySchema.readonly()).readonly() }),
      handle: () => json({ pairs: pairs.all.map(({ summary }) => summary) }),
    }),
  ];
}
