import { z } from 'zod';
import { inputSchema } from '../../control/contract/input.js';
import { INPUT_STATES } from '../../ledger/reader/input-states.js';
import { inputJson } from '../../ledger-view/input-json.js';
import { type Route, route } from '../http/route.js';
import type { Pairs } from '../pairs/pairs.js';
import { json, refusal } from '../reply.js';
import { ofFoundPair } from './of-pair.js';
import { limit, number, USUAL_LIMIT } from './query.js';

/** What came in and what became of it, and the ledger in figures. */
export function inputRoutes(pairs: Pairs): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/pairs/:id/inputs',
      summary: 'Inputs, newest first',
      query: z.strictObject({
        state: z
          .enum(INPUT_STATES, { error: `expected one of ${INPUT_STATES.join(', ')}` })
          .optional()
          .meta({ description: 'Only those in this state.' }),
        before: number('Only those with a lower number: the page before.'),
        limit,
      }),
      answer: z.strictObject({ inputs: z.array(inputSchema.readonly()).readonly(), more: z.boolean() }),
      handle: ({ named, query: { state, before, limit: most = USUAL_LIMIT } }) =>
        ofFoundPair(pairs, named['id'], ({ ledger }) =>
          ledger.look((reader, fields) => {
            const found = reader.readInputs({
              ...{ state: state ?? 'all', limit: most + 1 },
              ...(before === undefined ? {} : { before }),
            });
            const inputs = found.slice(0, most).map((input) => inputJson(input, fields));
            return json({ inputs, more: found.length > inputs.length });
          }),
        ),
    }),
    route({
      method: 'GET',
      path: '/api/pairs/:id/inputs/:seq',
      summary: 'All that is known of one input',
      answer: inputSchema,
      handle: ({ named }) =>
        ofFoundPair(pairs, named['id'], ({ ledger }) => {
          const seq = named['seq'] ?? '';
          if (!/^\d{1,10}$/.test(seq)) return refusal(400, `${seq.slice(0, 100)} is no number of an input`);
          return ledger.look((reader, fields) => json(inputJson(reader.readInput(Number(seq)), fields)));
        }),
    }),
    route({
      method: 'GET',
      path: '/api/pairs/:id/stats',
      summary: 'The ledger in figures, as faults stats --json has it',
      answer: z.looseObject({}),
      handle: ({ named }) =>
        ofFoundPair(pairs, named['id'], ({ ledger }) =>
          ledger.look((reader) => json({ scenario: null, ledger: ledger.path, ...reader.stats() })),
        ),
    }),
  ];
}
