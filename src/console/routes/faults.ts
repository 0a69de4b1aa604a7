import { z } from 'zod';
import { instanceName } from '../../config/instance-name.js';
import { faultSchema } from '../../control/contract/fault.js';
import { faultViewOf } from '../../control/fault-json.js';
import { storyPartsOf, tellFault } from '../../faults/story.js';
import type { FaultFilter } from '../../ledger/reader/read-faults.js';
import { type Route, route } from '../http/route.js';
import type { Pair } from '../pairs/pair.js';
import type { Pairs } from '../pairs/pairs.js';
import { json, type Reply, refusal } from '../reply.js';
import { ofFoundPair } from './of-pair.js';
import { flag, limit, number, USUAL_LIMIT, word } from './query.js';
import { storySchema } from './story-schema.js';

const paging = {
  after: number('Only those with a higher number, oldest first: what came since.'),
  before: number('Only those with a lower number, newest first: the page before.'),
  limit,
};
const filters = {
  board: word.meta({ description: 'Only those of this board.' }),
  code: word.meta({ description: 'Only those of this kind: silent, unplugged, …' }),
  since: z.iso.datetime({ offset: true }).optional().meta({ description: 'Only what came then or later, ISO 8601.' }),
};

const listSchema = z.strictObject({
  faults: z.array(faultSchema.readonly()).readonly(),
  more: z.boolean().meta({ description: 'There are more beyond these: ask with after or before.' }),
});

type Paging = {
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  readonly limit?: number | undefined;
};
type Filters = {
  readonly board?: string | undefined;
  readonly code?: string | undefined;
  readonly since?: string | undefined;
};

/** The fault log: what failed, what was planned, each with its story. */
export function faultRoutes(pairs: Pairs): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/pairs/:id/faults',
      summary: 'Faults, and beside them planned events, newest first',
      query: z.strictObject({
        ...paging,
        ...filters,
        open: flag.meta({
          description: 'true: only faults that nobody has closed; false: only closed ones. Events are neither.',
        }),
        events: z
          .enum(['with', 'only', 'without'])
          .optional()
          .meta({ description: 'Planned things: beside the faults, alone, or not at all.' }),
      }),
      answer: listSchema,
      handle: ({ named, query }) => {
        const { open, events } = query;
        const more = { ...(open === undefined ? {} : { open }), ...(events === undefined ? {} : { events }) };
        return list(pairs, named['id'], query, { ...filterOf(query), ...more });
      },
    }),
    route({
      method: 'GET',
      path: '/api/pairs/:id/events',
      summary: 'What was planned: switchovers, tests of the relay, restarts, updates; newest first',
      query: z.strictObject({ ...paging, ...filters }),
      answer: listSchema,
      handle: ({ named, query }) => list(pairs, named['id'], query, { ...filterOf(query), events: 'only' }),
    }),
    route({
      method: 'GET',
      path: '/api/pairs/:id/faults/:number',
      summary:
        'One fault or event, with its story, in lines and in its parts, and the results that differed beside one another',
      answer: faultSchema.extend({ story: storySchema, lines: z.array(z.string()).readonly() }),
      handle: ({ named }) =>
        ofFoundPair(pairs, named['id'], ({ config, ledger }, pair) => {
          const id = named['number'] ?? '';
          if (!/^\d{1,9}$/.test(id)) return refusal(400, `${id.slice(0, 100)} is no number of a fault`);
          return ledger.look((reader, fields) => {
            const fault = reader.showFault(Number(id));
            const names = commandNames(pair, config.name);
            const lines = tellFault(fault, fields, names);
            return json({ ...faultViewOf(fault, fields), story: storyPartsOf(fault, fields, names), lines });
          });
        }),
    }),
  ];
}

/** One more is read than is given: it says whether there are more. */
function list(pairs: Pairs, id: string | undefined, paged: Paging, filter: FaultFilter): Reply {
  const { after, before, limit: most = USUAL_LIMIT } = paged;
  if (after !== undefined && before !== undefined)
    return refusal(400, 'after and before are both there', 'one of them');
  return ofFoundPair(pairs, id, ({ ledger }) =>
    ledger.look((reader, fields) => {
      const found =
        after === undefined
          ? reader.listFaults({ ...filter, limit: most + 1, ...(before === undefined ? {} : { before }) })
          : reader.nextFaults({ ...filter, limit: most + 1, after });
      const faults = found.slice(0, most).map((fault) => faultViewOf(fault, fields));
      return json({ faults, more: found.length > faults.length });
    }),
  );
}

function filterOf({ board, code, since }: Filters): FaultFilter {
  return {
    ...(board === undefined ? {} : { board }),
    ...(code === undefined ? {} : { code }),
    // The ledger has them in UTC, and compares them as texts.
    ...(since === undefined ? {} : { since: new Date(since).toISOString() }),
  };
}

/** For whoever stands at this machine. */
function commandNames({ file }: Pair, name: string): Parameters<typeof tellFault>[2] & object {
  const option = ` -c ${file}`;
  return {
    copycat: 'npx copycat',
    ledgerOption: option,
    gatewayOption: option,
    service: `copycat@${instanceName(name)}`,
  };
}
