import { isIP } from 'node:net';
import { z } from 'zod';
import { FRAMINGS, UNIT_USES } from '../config.js';
import { ranges } from './protocol/register-schema.js';
import { flag, group, lineSettings, oneOf, text } from './schema-parts.js';

/** The part of the schema that says where inputs come from. */

const INPUT =
  "'every 100ms' for cyclic control, 'tcp://127.0.0.1:7400', { listen: 'unix:…' }, 'button D5', 'sensor A0 every 100ms' or 'thermometer A0 TMP36 every 1s'";

const oneInput = z
  .string({ error: INPUT })
  .regex(
    /^(every \d+(?:\.\d+)?(us|ms|s|min)|tcp:\/\/(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}|button (GPIO\d{1,2}|D\d{1,2})|sensor A\d{1,2} every \d+(?:\.\d+)?(us|ms|s|min)|thermometer A\d{1,2} [A-Z][A-Z0-9_]+ every \d+(?:\.\d+)?(us|ms|s|min))$/,
    { error: INPUT },
  );

const LISTEN =
  "'tcp://127.0.0.1:7400', 'unix:/run/copycat/inputs.sock', 'pty:/run/copycat/port' or 'serial:usb-1.4' (the place of a plug, or a device file)";
const LISTEN_PATTERN =
  /^(tcp:\/\/(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}|(unix|pty):.+|serial:(usb-\d+(?:[.-]\d+)*|\/.+|tty[A-Za-z]+\d+|(usb-[A-Za-z]|platform-|pci-)[A-Za-z0-9_.:+@-]+))$/;
const NETWORK = 'an address or a network, such as 192.168.1.20 or 192.168.1.0/24';
const UNITS = 'unit ids and what they are: { 5: pair }, { 1: pair, 0: broadcast }';
const WRITES = 'codes, none, a list of function codes such as [6, 16], or ranges such as { holding: 0-19, coils: 0-7 }';
const ACCOUNT = 'a name or a number in quotes';
const MODE = "four octal digits in quotes, such as '0660'";

const units = z
  .record(
    z
      .string({ error: UNITS })
      .regex(/^\d{1,3}$/, { error: 'a unit id from 0 to 255' })
      .refine((unit) => Number(unit) <= 255, { error: 'a unit id from 0 to 255' }),
    oneOf(UNIT_USES, 'What it is.'),
    { error: UNITS },
  )
  .refine((uses) => Object.values(uses).includes('pair'), { error: `at least one unit id that is the pair: ${UNITS}` })
  .meta({
    description:
      'Modbus, where it is needed: which unit ids of masters are what. pair: the boards, whatever their own address. broadcast: for all, without an answer. What is not named, or refused, is answered by exception 10 over TCP and by silence on a line, where it may be another slave. 0 and 255 mean different things to different masters, so nothing is taken for granted.',
  });

const writes = z
  .union(
    [
      oneOf(['codes', 'none'], 'codes: whatever a function code writes. none: nothing.'),
      z.array(z.int({ error: WRITES }).min(1, { error: WRITES }).max(127, { error: WRITES }), { error: WRITES }),
      ranges('Coils and holding registers by their addresses on the wire.'),
    ],
    { error: WRITES },
  )
  .meta({
    description:
      'Modbus: what masters may write. codes: whatever a function code writes. none: nothing. A list of function codes: by these alone. Ranges of coils and holding registers: within them alone, by codes 5, 6, 15, 16, 22 and 23. What may not be is answered by exception 1, or 2 outside of the ranges. Has to be said where an address is not one of this host alone. Default: codes.',
  });

const clients = group(
  {
    listen: z.string({ error: LISTEN }).regex(LISTEN_PATTERN, { error: LISTEN }).meta({
      description:
        'Where clients come to. tcp://: an address of this host and a port. unix:, the path of a socket, relative to this file, to which only the user of the gateway may connect. pty:, a path, relative to this file, at which clients find what looks like a serial port (a pseudo-terminal, a new one for each client; any baud rate). serial:, a serial port of this host, as for a board.',
    }),
    framing: oneOf(
      FRAMINGS,
      'How clients speak. json-lines: one JSON object a line. lines: the lines of the boards, as they are. modbus-tcp, and modbus-rtu: requests by length and checksum, also over TCP.',
    ).default('json-lines'),
    'token-file': text(
      'the path of a file',
      'json-lines: a file with a secret of at least 16 characters that only the user of the gateway may read (chmod 600), relative to this file. The first line of each connection has to be {"token": "…"}. Needed where the address is not one of this host alone (127.0.0.1, ::1).',
    ).optional(),
    allow: z
      .array(z.string({ error: NETWORK }).refine(isNetwork, { error: NETWORK }), { error: `a list: ${NETWORK}` })
      .meta({
        description:
          'Addresses and networks that may connect to a tcp:// address. That is a filter and no authentication. Empty: all that can reach it.',
      })
      .default([]),
    units: units.optional(),
    writes: writes.optional(),
    greeting: oneOf(
      ['banner', 'none'],
      'lines: banner gives a client what the board says when it starts, 300 ms after its coming: some wait for it, because opening the port of a real board restarts it. No board is restarted.',
    ).default('none'),
    owner: text(ACCOUNT, 'pty: whose the device is; to be another than the user of the gateway needs root.').optional(),
    group: text(ACCOUNT, 'pty: the group of the device.').optional(),
    mode: z
      .string({ error: MODE })
      .regex(/^0?[0-7]{3}$/, { error: MODE })
      .meta({
        description: 'pty: who may open the device, in octal digits and in quotes. Default: the owner alone (0600).',
      })
      .optional(),
    line: lineSettings(
      'serial: its line settings. Default: 19200-8E1, as Modbus has it, for modbus-rtu, 115200-8N1 otherwise.',
    ).optional(),
    rs485: flag(
      'serial: the driver of this UART turns its RS-485 transceiver around by RTS, as for a board.',
    ).optional(),
  },
  "the keys of an input that listens: { listen: 'tcp://127.0.0.1:7400' }",
  'An input that clients come to.',
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
      "Where inputs come from: 'every 100ms' (the gateway gives ticks), a button, sensor or thermometer of the Firmata board, an address or a port that clients come to ('tcp://127.0.0.1:7400' for short), or a list of them. Whoever may connect drives the actuator: with 127.0.0.1 that is every user and program of this host, with a socket this user alone, with any other address whoever has the token.",
  });
