import { z } from 'zod';
import { readBoardLines } from '../../api/socket/read-board-lines.js';
import type { Config } from '../../config/config.js';
import { type BoardLine, boardLinesSchema } from '../../control/contract/board-line.js';
import { checkWiring } from '../../wiring/checks/check-wiring.js';
import { wiringSvg } from '../../wiring/drawing/sheet-svg.js';
import { netlistOf } from '../../wiring/netlist/netlist-of.js';
import { type Route, route } from '../http/route.js';
import type { Pairs } from '../pairs/pairs.js';
import { json } from '../reply.js';
import { askingGateway, ofFoundPair } from './of-pair.js';
import { word } from './query.js';

const MOST_LINES = 1000;
const USUAL_LINES = 200;

/** How a pair is set up, and what its boards said. */
export function setUpRoutes(pairs: Pairs): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/pairs/:id/configuration',
      summary:
        'What the gateway goes by, every default filled in; of commands only the program, and of secrets nothing',
      answer: z.looseObject({}),
      handle: ({ named }) => ofFoundPair(pairs, named['id'], ({ config }) => json(withoutSecrets(config))),
    }),
    route({
      method: 'GET',
      path: '/api/pairs/:id/wiring.svg',
      summary: 'What is to be connected with what, as a drawing',
      type: 'image/svg+xml',
      handle: ({ named }) =>
        ofFoundPair(pairs, named['id'], ({ config }) => ({
          status: 200,
          type: 'image/svg+xml',
          body: wiringSvg(netlistOf(config), checkWiring(config)),
          // A drawing has its styles in itself, and nothing else.
          headers: { 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox" },
        })),
    }),
    route({
      method: 'GET',
      path: '/api/pairs/:id/log',
      summary: 'What the boards said for people (cc_log), as the running gateway has kept it, oldest first',
      query: z.strictObject({
        board: word.meta({ description: 'Only what this board said.' }),
        lines: z
          .string()
          .regex(/^\d{1,6}$/, { error: 'expected a whole number' })
          .transform((text) => Math.min(MOST_LINES, Number(text)))
          .optional()
          .meta({ description: `The last so many; left out: ${USUAL_LINES}, and never more than ${MOST_LINES}.` }),
      }),
      answer: boardLinesSchema.pick({ lines: true }),
      handle: ({ named, query: { board = null, lines = USUAL_LINES } }) =>
        ofFoundPair(pairs, named['id'], ({ config }) =>
          askingGateway(async () => {
            const kept = await allLines(config.controlPath, board);
            return json({ lines: kept.slice(Math.max(0, kept.length - lines)) });
          }),
        ),
    }),
  ];
}

/** A gateway keeps some hundreds of each board, and gives a part of them at a time. */
async function allLines(path: string, board: string | null): Promise<readonly BoardLine[]> {
  const all: BoardLine[] = [];
  const after: Record<string, number> = {};
  while (all.length < 2 * MOST_LINES) {
    const { lines, more } = await readBoardLines(path, { board, after });
    for (const line of lines) after[line.board] = line.number;
    all.push(...lines);
    if (!more || lines.length === 0) break;
  }
  return all;
}

/** Arguments of a command may be a key of a push service; a token is in a file of its own, whose path is no secret. */
function withoutSecrets(config: Config): unknown {
  const { notify, ...rest } = config;
  const program = (words: readonly string[] | null): string | null => words?.[0] ?? null;
  const { heartbeat } = notify;
  const told = {
    onFault: program(notify.onFault),
    onChange: program(notify.onChange),
    heartbeat: heartbeat === null ? null : { everyUs: heartbeat.everyUs, command: program(heartbeat.command) },
  };
  return JSON.parse(
    JSON.stringify({ ...rest, notify: told }, (_key, value: unknown) => {
      if (value instanceof Map) return Object.fromEntries(value);
      if (value instanceof RegExp) return value.source;
      return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
    }),
  );
}
