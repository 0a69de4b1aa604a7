import { z } from 'zod';
import { LEAST_BAUD, LINE_PATTERN, MOST_BAUD, parseLine } from '../../values/line-settings.js';
import { BOARD_KINDS } from '../board-kinds.js';
import { parseDuration } from './duration.js';
import { input } from './input-schema.js';
import { alarm, firmata, gpio, line, relay, stop } from './lines-schema.js';
import { command, heartbeat } from './notify-schema.js';
import { protocolSchema } from './protocol-schema.js';
import { DURATION, duration, group, oneOf, positiveDuration, text, wholeNumber } from './schema-parts.js';
import { wiring } from './wiring-schema.js';

/**
 * The one schema of the configuration file: validation, defaults, JSON Schema and docs/config.md come from it. The error
 * message of every rule is what was expected, as the second half of a sentence; explain-issue.ts adds key, line and value.
 */

const PORT =
  'usb-1.2 (the place of the plug), a path such as /dev/serial/by-id/…, a name in there, ttyACM0, or emulated';
const NAME = 'a short name of small letters, digits and dashes';
const NAME_PATTERN = /^[a-z][a-z0-9-]{0,31}$/;

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

const LINE = `bits per second from ${LEAST_BAUD} to ${MOST_BAUD}, data bits, parity (N, E, O) and stop bits, such as 115200-8N1`;

/** A number, where somebody left the format out, is none: what was meant would be a guess. */
const serialLine = z
  .string({ error: LINE })
  .regex(LINE_PATTERN, { error: LINE })
  .refine((said) => parseLine(said) !== null, { error: LINE })
  .meta({
    description:
      'Line settings: bits per second, data bits, parity and stop bits. Default: what the firmware of the kind begins at, 500000-8N1 for those that come along.',
  });

const board = group(
  {
    kind,
    port: port.optional(),
    match: match.optional(),
    reset: line('A line that holds RESET of this board low through a transistor while it is high (R13).').optional(),
    line: serialLine.optional(),
    baud: wholeNumber(
      LEAST_BAUD,
      MOST_BAUD,
      'Bits per second, with 8N1: the older spelling of line. A 16 MHz AVR makes 250000, 500000 and 1000000 exactly.',
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

const boards = z
  .record(z.string().regex(NAME_PATTERN, { error: NAME }), board, { error: 'two boards: a: { … } and b: { … }' })
  .refine((all) => Object.keys(all).length === 2, {
    error: ({ input }) => `exactly two boards, not ${Object.keys(input as object).length}`,
  })
  .meta({
    description: 'The pair: exactly two boards under the names they are to have, usually a and b.',
    minProperties: 2,
    maxProperties: 2,
  });

const ledger = group(
  {
    path: text('the path of a file', 'The SQLite file. Relative to this file.').default('copycat.sqlite'),
    durability: oneOf(
      ['process', 'power'],
      'process: the hot journal is in memory and survives a killed gateway. power: every commit waits for the disk.',
    ).default('process'),
    journal: text(
      'the path of a folder',
      "Folder of the hot journal with durability process: on a tmpfs, and the gateway's user's alone. Left out: /dev/shm/copycat-UID, where UID is that user's number.",
    ).optional(),
    'keep-inputs': wholeNumber(0, 1_000_000_000, 'Finished inputs kept.').default(100_000),
    'keep-faults': wholeNumber(1, 1_000_000, 'Faults kept.').default(1000),
  },
  'the keys of the ledger: { path: copycat.sqlite }',
  'Where inputs, results and faults are kept.',
);

const TYPES = ['u8', 'i8', 'u16', 'i16', 'u32', 'i32', 'f32', 'bool'] as const;

const number = (description: string) => z.number({ error: 'a number' }).meta({ description });

const fieldShape = {
  name: text('a name', 'What a person calls it.'),
  type: oneOf(TYPES, 'How it is stored, little-endian. bool: one byte, true when it is not 0.'),
  offset: wholeNumber(0, 255, 'Where it begins, in bytes.'),
  scale: number('What one step is worth, in units.')
    .refine((scale) => scale !== 0, { error: 'a number that is not 0' })
    .default(1),
  unit: z.string({ error: 'a unit, such as degC' }).meta({ description: 'Its unit, for people.' }).default(''),
};

const inputField = group(
  fieldShape,
  'a field: { name: set point, type: i16, offset: 0, scale: 0.1, unit: degC }',
  'A named value in a payload.',
);

const resultField = group(
  {
    ...fieldShape,
    part: wholeNumber(0, 3, 'Which part of the result it is in (each cc_reply makes one); the first is 0.').default(0),
    tolerance: number(
      'Two boards may differ by so much, in units; with it the state behind the results is not compared. 0: not at all.',
    )
      .min(0, { error: 'a number from 0 on' })
      .default(0),
    min: number('Least plausible value, in units: a result below it is wrong.').optional(),
    max: number('Greatest plausible value, in units.').optional(),
    'max-change-per-s': number('Fastest plausible change, in units per second of pair time.')
      .positive({ error: 'a number above 0' })
      .optional(),
  },
  'a field: { name: heat, type: u8, offset: 0, unit: "%", tolerance: 1, min: 0, max: 100 }',
  'A named value in a result.',
);

const source = group(
  {
    name: text('a name', 'What a person calls it.'),
    unit: z.string({ error: 'a unit, such as degC' }).meta({ description: 'Its unit, for people.' }).default(''),
    scale: number('What one step of the reading is worth, in units: 0.0049 for volts of a 10-bit converter.')
      .refine((scale) => scale !== 0, { error: 'a number that is not 0' })
      .default(1),
    tolerance: number("The boards' own readings may differ by so much, in units. Without it they are not compared.")
      .min(0, { error: 'a number from 0 on' })
      .optional(),
  },
  'a source: { name: temperature, scale: 0.25, unit: degC, tolerance: 2 }',
  'A reading that the boards take for themselves.',
);

const OUTPUTS = 'a list of at most 8 outputs, or none';

const output = group(
  {
    name: text('a name', 'What a person calls it.'),
    pin: text('a pin, such as D9', 'Its pin of the board, for people.').optional(),
    unit: z.string({ error: 'a unit, such as %' }).meta({ description: 'Its unit, for people.' }).default(''),
    scale: number('What one step of the level is worth, in units: 0.392 for percents of a PWM.')
      .refine((scale) => scale !== 0, { error: 'a number that is not 0' })
      .default(1),
  },
  'an output: { name: heat, pin: D9 }',
  'An output of the sketch.',
);

const join = group(
  {
    comparisons: wholeNumber(
      1,
      10_000,
      'Inputs on which a board that joins must agree with the primary before it counts as protecting the pair.',
    ).default(3),
    patience: duration(
      'A busy primary has no pause in which its state can be read: after this long its inputs are held for one.',
    ).prefault('1s'),
  },
  'the keys of joining: { comparisons: 3, patience: 1s }',
  'How a board comes into the pair: at the first start, after a repair, after it restarted.',
);

const commit = group(
  {
    needs: oneOf(
      ['primary', 'both'],
      'Whose agreement a result needs before the primary may act on it: nobody else’s (the fastest, and the greatest availability; a wrong output is noticed one step later), or that of another copy (a wrong result never reaches the actuator, at the price of another round trip).',
    ).default('primary'),
    'if-alone': oneOf(
      ['go-on', 'hold'],
      'Where results need both and there is no other copy: go on unprotected, or act on nothing until another copy is there.',
    ).default('go-on'),
  },
  'the keys needs and if-alone',
  'When a result counts.',
);

const flapping = group(
  {
    limit: wholeNumber(
      0,
      1000,
      'A board that leaves the pair by faults more often than this is intermittent: it stays out for some minutes, the longer the more often it left, or until copycat rejoin lets it in. 0: it waits for copycat rejoin each time.',
    ).default(2),
    within: positiveDuration('In this time a fault comes to count half.').prefault('10min'),
    permanent: wholeNumber(
      1,
      1000,
      'More often than this, counted over six times as long, it is permanent: kept out until copycat rejoin lets it in. 64 or more: never.',
    ).default(5),
  },
  'the keys of flapping: { limit: 2, within: 10min, permanent: 5 }',
  'When a board that keeps failing and coming back is let in by itself: at once, after a rest, or not any more.',
);

const switchover = group(
  {
    drain: positiveDuration(
      'Longest time that copycat switch waits until both boards are done with what was accepted; then it gives up and nothing has changed.',
    ).prefault('2s'),
  },
  'the keys of a switchover: { drain: 2s }',
  'A planned change of the primary.',
);

const thirdCopy = group(
  {
    image: text('the path of a .hex file', 'What the boards run, relative to this file. heater.hex comes along.'),
    id: z
      .string({ error: NAME })
      .regex(NAME_PATTERN, { error: NAME })
      .meta({ description: 'What the third copy is called where boards have their names.' })
      .default('third'),
  },
  'the keys of the third copy: { image: heater.hex }',
  'The same firmware once more, in an emulator on this host: it tells who is wrong when two results differ, and is never given the actuator.',
);

export const configSchema = group(
  {
    name: z
      .string({ error: NAME })
      .regex(NAME_PATTERN, { error: NAME })
      .meta({ description: 'What this pair is called.' })
      .default('pair'),
    boards,
    relay,
    gpio: gpio.prefault({}),
    firmata: firmata.optional(),
    alarm: alarm.optional(),
    stop: stop.prefault({}),
    wiring: wiring.prefault({}),
    protocol: protocolSchema.optional(),
    input,
    deadline: positiveDuration(
      'How long a board and its wire may take for one input before the board is declared failed. Needed for boards that run the firmware harness; of others the profile says it (protocol.deadline).',
    ).optional(),
    probe: z
      .string({ error: `${DURATION}, or off` })
      .regex(/^(off|\d+(?:\.\d+)?(us|ms|s|min))$/, { error: `${DURATION}, or off` })
      .transform((said) => parseDuration(said) ?? 0)
      .meta({ description: 'An idle board is tried this long after its last sign of work; off: never.' })
      .prefault('1s'),
    'max-pending': wholeNumber(
      1,
      4096,
      'Inputs accepted and not yet done; more are refused with a clear answer.',
    ).default(64),
    'max-lag': wholeNumber(1, 65_536, 'Inputs the backup may be behind before it is set aside.').default(256),
    'max-window': wholeNumber(1, 16, 'Most inputs in work at a board, whatever it says it can take.').default(8),
    'on-mismatch': oneOf(
      ['alarm', 'switch', 'stop'],
      'What to do when two results differ and nothing tells who is wrong: go on and say so, hand over, or stop.',
    ).default('alarm'),
    'self-tests': oneOf(
      ['on-mismatch', 'never'],
      'Whether the boards are asked to test their flash, memory and processor, beside their work, when two results differ and nothing else tells who is wrong. That takes a second or two, in which the primary goes on. Default: on-mismatch where the policy is alarm, never where it is switch or stop.',
    ).optional(),
    'third-copy': thirdCopy.optional(),
    commit: commit.prefault({}),
    'catch-up': duration('Longest time a takeover waits for the backup to catch up before the relay moves.').prefault(
      '200ms',
    ),
    join: join.prefault({}),
    flapping: flapping.prefault({}),
    switchover: switchover.prefault({}),
    ledger: ledger.prefault({}),
    control: text(
      'the path of a socket',
      'Where copycat status and the other commands reach the running gateway. Default: beside the ledger, ending in .sock.',
    ).optional(),
    'on-fault': command(
      'Called once for every fault, with its story as JSON on its standard input (docs/notify.md). No shell reads it; a relative path begins at the folder of this file.',
    ).optional(),
    'on-change': command(
      'Called when the pair is protected or not any more, when another board drives, and when it stops or goes on, with how it stands as JSON.',
    ).optional(),
    heartbeat: heartbeat.optional(),
    fields: group(
      {
        input: z
          .array(inputField, { error: 'a list of fields' })
          .meta({ description: 'Values in the payload of an input.' })
          .default([]),
        result: z
          .array(resultField, { error: 'a list of fields' })
          .meta({ description: 'Values in the result of a board. What no field names is compared exactly.' })
          .default([]),
        state: z
          .array(inputField, { error: 'a list of fields' })
          .meta({
            description:
              'Values in the state of the sketch, to tell by their names what changed in a memory. Default: those that CC_STATE has put into the image (firmware).',
          })
          .default([]),
      },
      'the keys input, result and state',
      'Names for values, so that faults are told in degrees and not in bytes, and what is plausible of them. Default: those of an image that comes along.',
    ).prefault({}),
    sources: z
      .array(source, { error: 'a list of sources' })
      .meta({
        description:
          'What the boards read for themselves (cc_read), in the order in which an input reads them. Default: those of an image that comes along.',
      })
      .optional(),
    outputs: z
      .union(
        [
          oneOf(['none'], 'The boards only measure: there is nothing that is switched.'),
          z.array(output, { error: OUTPUTS }).max(8, { error: OUTPUTS }),
        ],
        { error: OUTPUTS },
      )
      .meta({
        description:
          'What the sketch puts out (cc_output), in the order of its numbers, so that copycat inputs names the levels. Default: those of an image that comes along. none: the boards only measure and answer; no actuator hangs on them, and with relay: none nothing is switched at a takeover.',
      })
      .optional(),
    'drift-readings': wholeNumber(
      1,
      1000,
      'So many readings in a row must differ by more than their tolerance before it is a fault, and agree before it is over.',
    ).default(3),
  },
  'a mapping with the keys boards, relay, input and deadline',
  'Configuration of one pair.',
);

/** What a valid file holds, in its own spelling, defaults filled in. */
export type ConfigFile = z.output<typeof configSchema>;
