import { z } from 'zod';
import { LEAST_BAUD, MOST_BAUD } from '../../values/line-settings.js';
import { BOARD_KINDS } from '../board-kinds.js';
import { line } from './lines-schema.js';
import { flag, group, lineSettings, shortName, text, wholeNumber } from './schema-parts.js';

/** The part of the schema that says which two boards are the pair, where they are and what they run. */

const PORT =
  'usb-1.2 (the place of the plug), a path such as /dev/serial/by-id/…, a name in there, ttyACM0, or emulated';

const port = z
  .string({ error: PORT })
  .regex(/^(usb-\d+(?:[.-]\d+)*|\/.+|emulated|tty[A-Za-z]+\d+|(usb-[A-Za-z]|platform-|pci-)[A-Za-z0-9_.:+@-]+)$/, {
    error: PORT,
  })
  .meta({
    description:
      'Where the board is: the place of its plug (usb-1.2; copycat ports shows it), a device file, a name in /dev/serial/by-path or by-id, a device such as ttyACM0, or an emulator of ours. May be left out where match is given.',
  });

const fourHexDigits = (description: string) =>
  z
    .string({ error: 'four hexadecimal digits in quotes, such as "2341"' })
    .regex(/^[0-9a-fA-F]{4}$/, { error: 'four hexadecimal digits in quotes, such as "2341"' })
    .meta({ description });

const match = group(
  {
    vendor: fourHexDigits('Vendor number of USB.').optional(),
    product: fourHexDigits('Product number of USB.').optional(),
    serial: text('a serial number', 'Serial number of USB; many cheap boards have none.').optional(),
  },
  'the keys of a match: { vendor: "2341", product: "0043", serial: "75833353" }',
  'What has to be in the socket, or, without port, which board is meant wherever it is plugged in (copycat ports shows it).',
);

const OWN_KIND = /^[^\s].*\.json$/;
const KIND = `one of ${BOARD_KINDS.join(', ')}, or a file of your own such as ./my-board.json (docs/boards.md)`;

const kind = z
  .union(
    [z.enum(BOARD_KINDS as readonly [string, ...string[]]), z.string({ error: KIND }).regex(OWN_KIND, { error: KIND })],
    { error: KIND },
  )
  .meta({
    description:
      'What board it is: sets the limits of its link, and how it is emulated and flashed. serial: any board that runs the library. Or the path of a file of your own, relative to this file (docs/boards.md).',
  });

const board = group(
  {
    kind,
    port: port.optional(),
    match: match.optional(),
    reset: line('A line that holds RESET of this board low through a transistor while it is high (R13).').optional(),
    line: lineSettings(
      'Line settings: bits per second, data bits, parity and stop bits. Default: what the firmware of the kind begins at, 500000-8N1 for those that come along.',
    ).optional(),
    baud: wholeNumber(
      LEAST_BAUD,
      MOST_BAUD,
      'Bits per second, with 8N1: the older spelling of line. A 16 MHz AVR makes 250000, 500000 and 1000000 exactly.',
    ).optional(),
    rs485: flag(
      'true where it is at a UART of this host with an RS-485 transceiver that the driver of the UART turns around by RTS (TIOCSRS485). Left out for an adapter, which turns around by itself.',
    ).optional(),
    address: wholeNumber(
      1,
      247,
      'Its address on its line, where it is a Modbus slave (protocol: { profile: modbus-rtu }); masters use that of input.units.',
    ).optional(),
    firmware: text(
      'the path of a .hex file',
      'The image an emulated board runs, relative to this file. heater.hex comes along, and is what it runs when none is named.',
    ).optional(),
  },
  'the keys of a board: { kind: uno, port: usb-1.2 }',
  'One of the two boards. Both run the same firmware.',
);

export const boards = z
  .record(shortName(), board, { error: 'two boards: a: { … } and b: { … }' })
  .refine((all) => Object.keys(all).length === 2, {
    error: ({ input }) => `exactly two boards, not ${Object.keys(input as object).length}`,
  })
  .meta({
    description: 'The pair: exactly two boards under the names they are to have, usually a and b.',
    minProperties: 2,
    maxProperties: 2,
  });
