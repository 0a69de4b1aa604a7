import { z } from 'zod';
import { updateAbandonSchema, updateAcceptSchema, updateBeginSchema, updateCheckSchema } from './update-command.js';

const MAX_SEQ = 0xffffffff;
const MOST_OF_A_NAME = 200;

const board = z.string().min(1);
const seq = z.int().min(1).max(MAX_SEQ);

/** What a person may ask of a running gateway, and what is said to one who asks for it in part. Whether it can be done, the gateway says. */
const COMMANDS = {
  switch: [z.object({ command: z.literal('switch') }), ''],
  rejoin: [z.object({ command: z.literal('rejoin'), board }), 'rejoin needs a board: {"do":"rejoin","board":"b"}'],
  resume: [z.object({ command: z.literal('resume') }), ''],
  'relay-test': [
    z.object({
      command: z.literal('relay-test'),
      back: z.boolean().meta({ description: 'Swap duty and read back, then, with it, the other way.' }),
    }),
    'relay-test needs back: {"do":"relay-test","back":true}',
  ],
  'notify-test': [
    z.object({ command: z.literal('notify-test') }).meta({ description: 'Call each command that tells somebody.' }),
    '',
  ],
  identify: [
    z.object({ command: z.literal('identify'), board }).meta({ description: 'Have its lights blink.' }),
    'identify needs a board: {"do":"identify","board":"b"}',
  ],
  retry: [
    z.object({ command: z.literal('retry'), seq }),
    'retry needs the number of an input: {"do":"retry","seq":42}',
  ],
  drop: [z.object({ command: z.literal('drop'), seq }), 'drop needs the number of an input: {"do":"drop","seq":42}'],
  accept: [
    z.object({ command: z.literal('accept'), seq }),
    'accept needs the number of an input: {"do":"accept","seq":42}',
  ],
  'update-begin': [
    updateBeginSchema,
    'update-begin needs board, image, facts (or null), converter (or null) and comparisons',
  ],
  'update-check': [updateCheckSchema, 'update-check needs board, image and converter (or null)'],
  'update-accept': [
    updateAcceptSchema,
    'update-accept needs the fields that differ: {"do":"update-accept","fields":["duty"]}',
  ],
  'update-abandon': [updateAbandonSchema, ''],
} as const;

type CommandName = keyof typeof COMMANDS;

export type Command = Readonly<z.infer<(typeof COMMANDS)[CommandName][0]>>;

/** `underWay`: not known yet, and no longer waited for. Each with a sentence for the person who asked. */
export const commandOutcomeSchema = z.union([
  z.strictObject({ done: z.string() }).readonly(),
  z.strictObject({ refused: z.string() }).readonly(),
  z.strictObject({ underWay: z.string() }).readonly(),
]);

export type CommandOutcome = z.infer<typeof commandOutcomeSchema>;

/** `{"do":"drop","seq":42}` as it came; the text is what was expected instead. */
export function commandFrom(request: Readonly<Record<string, unknown>>): Command | string {
  const { do: command, ...rest } = request;
  if (!isName(command)) return `expected do to be one of ${Object.keys(COMMANDS).join(', ')}`;
  const [schema, expected] = COMMANDS[command];
  const read = schema.safeParse({ ...rest, command });
  return read.success ? read.data : expected;
}

/** The request that asks for it. `by`: who asks, for the log; null: nobody says. */
export function requestFor({ command, ...rest }: Command, by: string | null = null): Readonly<Record<string, unknown>> {
  return { do: command, ...rest, ...(by === null ? {} : { by }) };
}

/** Who asks, as far as it is said: a name that a line of the log has room for. */
export function askerIn({ by }: Readonly<Record<string, unknown>>): string | null {
  return typeof by === 'string' && by !== '' ? by.slice(0, MOST_OF_A_NAME) : null;
}

function isName(command: unknown): command is CommandName {
  return typeof command === 'string' && Object.hasOwn(COMMANDS, command);
}
