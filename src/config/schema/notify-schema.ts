import { z } from 'zod';
import { duration, group } from './schema-parts.js';

/** The part of the schema that speaks of telling somebody. */

const COMMAND = 'a command such as ./tell-me.sh, or a list of the program and its arguments';
const LEAST_EVERY_US = 1_000_000;

export const command = (description: string) =>
  z
    .union([z.string({ error: COMMAND }), z.array(z.string({ error: COMMAND }), { error: COMMAND })], {
      error: COMMAND,
    })
    .refine((said) => wordsOf(said)[0] !== undefined && wordsOf(said)[0] !== '', { error: COMMAND })
    .meta({ description });

/** The words of a command as it was written: no shell, no quotes; one with spaces in it needs the list. */
export function wordsOf(said: string | readonly string[]): readonly string[] {
  return typeof said === 'string' ? said.split(/\s+/).filter((word) => word !== '') : said;
}

export const heartbeat = group(
  {
    every: duration('Time between two calls.')
      .refine((us) => us >= LEAST_EVERY_US, { error: 'a duration of at least 1s' })
      .prefault('1min'),
    command: command('Called each time, with how the pair stands as JSON on its standard input.'),
  },
  'the keys of the heartbeat: { every: 1min, command: ./still-there.sh }',
  'A command that is called while the core does its work, for somebody outside who raises the alarm when the calls stop (docs/notify.md).',
);
