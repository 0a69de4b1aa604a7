import { z } from 'zod';
import { sendCommand } from '../../api/socket/send-command.js';
import { type Command, type CommandOutcome, commandOutcomeSchema } from '../../control/contract/command.js';
import { titleOf } from '../../faults/story.js';
import { type Route, route } from '../http/route.js';
import type { Pairs } from '../pairs/pairs.js';
import { json, type Reply } from '../reply.js';
import type { Caller } from '../security/caller.js';
import { askingGateway, ofFoundPair } from './of-pair.js';

const MAX_SEQ = 0xffffffff;

const by = z
  .string()
  .trim()
  .max(80)
  // It stands in the log of the gateway, and in terminals.
  .regex(/^\P{Cc}*$/u, { error: 'expected a name, without control characters' })
  .optional()
  .meta({ description: 'Who asks, as he calls himself; beside it stands whose token or account it was.' });
const board = z.string({ error: 'expected the name of a board' }).min(1).max(100);
const seq = z.int({ error: 'expected the number of an input' }).min(1).max(MAX_SEQ);

/** What a person may ask of a gateway: the same as on the command line, with the same answers. */
export function commandRoutes(pairs: Pairs): readonly Route[] {
  const command = <Body extends z.ZodObject>(
    name: string,
    summary: string,
    body: Body,
    commandOf: (said: z.output<Body>) => Command,
  ): Route =>
    route({
      method: 'POST',
      path: `/api/pairs/:id/commands/${name}`,
      summary,
      body: body.extend({ by }),
      answer: commandOutcomeSchema,
      handle: ({ named, body: said, caller }) =>
        ofFoundPair(pairs, named['id'], ({ config }) =>
          askingGateway(async () => {
            const asked = commandOf(said as z.output<Body>);
            return outcomeReply(await sendCommand(config.controlPath, asked, { by: askerOf(said['by'], caller) }));
          }),
        ),
    });
  const nothing = z.strictObject({});
  const ofInput = z.strictObject({ seq });
  const ofBoard = z.strictObject({ board });
  return [
    command('switch', 'The other board becomes the primary; nothing is lost', nothing, () => ({ command: 'switch' })),
    command('rejoin', 'A board that is kept out may join again', ofBoard, (said) => ({ command: 'rejoin', ...said })),
    command('resume', 'A stopped pair goes on', nothing, () => ({ command: 'resume' })),
    command('retry', 'An input that two boards failed on is tried again', ofInput, (said) => ({
      command: 'retry',
      ...said,
    })),
    command('drop', 'An input that two boards failed on is given up', ofInput, (said) => ({
      command: 'drop',
      ...said,
    })),
    command(
      'accept',
      'The primary acts on its own result, where it differs from the one that was given out',
      ofInput,
      (said) => ({
        command: 'accept',
        ...said,
      }),
    ),
    command(
      'relay-test',
      'Swap duty, and back again, read back from the feedback line',
      z.strictObject({ back: z.boolean({ error: 'expected true or false' }).default(true) }),
      (said) => ({ command: 'relay-test', ...said }),
    ),
    command('identify', 'The lights of a board blink, and it says who it is', ofBoard, (said) => ({
      command: 'identify',
      ...said,
    })),
    closeRoute(pairs),
  ];
}

/** It is done in the ledger itself, as copycat faults close does it, whether a gateway runs or not. */
function closeRoute(pairs: Pairs): Route {
  return route({
    method: 'POST',
    path: '/api/pairs/:id/commands/close',
    summary: 'A fault is dealt with',
    body: z.strictObject({
      fault: z.int({ error: 'expected the number of a fault' }).min(1),
      note: z.string().trim().max(1000).optional().meta({ description: 'What was found and done.' }),
      by,
    }),
    answer: commandOutcomeSchema,
    handle: ({ named, body: { fault: id, note = '', by: name }, caller }) =>
      ofFoundPair(pairs, named['id'], ({ ledger }) =>
        ledger.look((reader) => {
          const before = reader.showFault(id);
          const title = titleOf(before);
          if (before.closedAt !== null) return json({ refused: `fault ${id} was closed already: ${title}` }, 409);
          reader.closeFault(id, { by: askerOf(name, caller), note });
          return json({ done: `fault ${id} is closed: ${title}` });
        }),
      ),
  });
}

/** `Anna (token night-shift)`: how somebody calls himself is no proof, and whose token it was is one. */
function askerOf(said: unknown, { name }: Caller): string {
  const known = `${name ?? 'somebody'}, by the console`;
  return typeof said === 'string' && said !== '' ? `${said} (${known})` : known;
}

function outcomeReply(outcome: CommandOutcome): Reply {
  if ('done' in outcome) return json(outcome);
  return json(outcome, 'refused' in outcome ? 409 : 202);
}
