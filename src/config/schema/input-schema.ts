import { isIP } from 'node:net';
import { z } from 'zod';
import { FRAMINGS } from '../config.js';
import { group, oneOf, text } from './schema-parts.js';

/** The part of the schema that says where inputs come from. */

const INPUT =
  "'every 100ms' for cyclic control, 'tcp://127.0.0.1:7400', { listen: 'unix:…' }, 'button D5', 'sensor A0 every 100ms' or 'thermometer A0 TMP36 every 1s'";

const oneInput = z
  .string({ error: INPUT })
  .regex(
    /^(every \d+(?:\.\d+)?(us|ms|s|min)|tcp:\/\/(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}|button (GPIO\d{1,2}|D\d{1,2})|sensor A\d{1,2} every \d+(?:\.\d+)?(us|ms|s|min)|thermometer A\d{1,2} [A-Z][A-Z0-9_]+ every \d+(?:\.\d+)?(us|ms|s|min))$/,
    { error: INPUT },
  );

const LISTEN = "'tcp://127.0.0.1:7400' or 'unix:/run/copycat/inputs.sock'";
const NETWORK = 'an address or a network, such as 192.168.1.20 or 192.168.1.0/24';

const clients = group(
  {
    listen: z
      .string({ error: LISTEN })
      .regex(/^(tcp:\/\/(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}|unix:.+)$/, { error: LISTEN })
      .meta({
        description:
          'Where clients connect: an address of this host and a port, or the path of a socket, relative to this file, to which only the user of the gateway may connect.',
      }),
    framing: oneOf(FRAMINGS, 'How clients speak: json-lines is one JSON object a line.').default('json-lines'),
    'token-file': text(
      'the path of a file',
      'A file with a secret of at least 16 characters that only the user of the gateway may read (chmod 600), relative to this file. The first line of each connection has to be {"token": "…"}. Needed where the address is not one of this host alone (127.0.0.1, ::1).',
    ).optional(),
    allow: z
      .array(z.string({ error: NETWORK }).refine(isNetwork, { error: NETWORK }), { error: `a list: ${NETWORK}` })
      .meta({
        description:
          'Addresses and networks that may connect to a tcp:// address. That is a filter and no authentication. Empty: all that can reach it.',
      })
      .default([]),
  },
  "the keys of an input that listens: { listen: 'tcp://127.0.0.1:7400' }",
  'An input that clients connect to.',
);

/** IPv4 or IPv6, with or without the length of its prefix. */
function isNetwork(said: string): boolean {
  const [address = '', bits, ...more] = said.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

export const input = z
  .union(
    [
      oneInput,
      clients,
      z.array(z.union([oneInput, clients], { error: INPUT }), { error: INPUT }).min(1, { error: INPUT }),
    ],
    {
      error: INPUT,
    },
  )
  .meta({
    description:
      "Where inputs come from: 'every 100ms' (the gateway gives ticks), a button, sensor or thermometer of the Firmata board, an address that clients connect to ('tcp://127.0.0.1:7400' for short), or a list of them. Whoever may connect drives the actuator: with 127.0.0.1 that is every user and program of this host, with a socket this user alone, with any other address whoever has the token.",
  });
