import { z } from 'zod';
import { LISTEN_EXPECTED, listenAddress } from '../../private-files/listen-address.js';
import { group, text } from './schema-parts.js';

/** The part of the schema that says how the pair is shown. */

const HOST = 'a name such as oven.example.org';

export const consoleKeys = group(
  {
    listen: z
      .string({ error: LISTEN_EXPECTED })
      .refine((said) => listenAddress(said) !== null, { error: LISTEN_EXPECTED })
      .meta({
        description:
          'Where it is served: an address and a port, or unix: and the path of a socket, relative to this file. Another address than one of this host alone needs a token-file.',
      })
      .default('127.0.0.1:8080'),
    'token-file': text(
      'the path of a file',
      'Tokens that copycat token add has made, relative to this file: who comes over TCP has to show one.',
    ).optional(),
    tls: group(
      {
        key: text('the path of a file', 'The key, in PEM, relative to this file.'),
        cert: text('the path of a file', 'The certificate, in PEM, relative to this file.'),
      },
      'the keys key and cert',
      'What the console encrypts with; left out: it does not.',
    ).optional(),
    hosts: z
      .array(z.string({ error: HOST }).regex(/^[A-Za-z0-9.-]{1,253}$/, { error: HOST }), { error: 'a list of names' })
      .meta({ description: 'Names by which browsers come, beside localhost and that of this machine.' })
      .default([]),
  },
  "the keys of the console: { listen: '127.0.0.1:8080' }",
  'A page for this pair, served by a process beside the gateway, which starts it (docs/console.md). Left out: none; copycat console serves all pairs of a machine.',
);
