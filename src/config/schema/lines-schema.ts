import { z } from 'zod';
import { WIRED_RELAY_KINDS } from '../config.js';
import { parseDuration } from './duration.js';
import { duration, flag, group, oneOf, positiveDuration, text, wholeNumber } from './schema-parts.js';

/** The part of the schema that speaks of lines: relay, RESET, alarm, cut-off, and who drives them. */

const LINE = 'a line such as GPIO17, D7 (of the Firmata board), or emulated';
const LINES = `${LINE}, or a list of them`;
const LINE_PATTERN = /^(GPIO\d{1,2}|D\d{1,2}|emulated)$/;
const RELAY = 'the keys of the relay: { pin: GPIO17, at-rest: a, feedback: GPIO27 }, or emulated, or none';
const PORT = 'usb-1.4 (the place of the plug) or a path such as /dev/serial/by-id/…';

export const line = (description: string) =>
  z.string({ error: LINE }).regex(LINE_PATTERN, { error: LINE }).meta({ description });

const oneOrMore = (description: string) => {
  const one = z.string({ error: LINES }).regex(LINE_PATTERN, { error: LINES });
  return z
    .union([one, z.array(one, { error: LINES }).min(1, { error: LINES }).max(8, { error: 'at most 8 lines' })], {
      error: LINES,
    })
    .meta({ description });
};

const deadMan = group(
  {
    pin: line('The line that is toggled.'),
    every: positiveDuration('Time between two edges.').prefault('100ms'),
  },
  'the keys of the dead-man drive: { pin: GPIO6, every: 100ms }',
  'A line that changes its level again and again while the gateway makes progress; a circuit outside takes the relay supply away when it stands still (docs/wiring.md).',
);

const wiredRelay = group(
  {
    kind: oneOf(
      WIRED_RELAY_KINDS,
      'changeover: falls back without power. two-relays: one for each board, never both closed. latching: stays where it was pulsed to. mux: a logic multiplexer, without bounce.',
    ).default('changeover'),
    pin: oneOrMore('The line that drives the coil (mux: that selects); several channels move together.').optional(),
    pins: z
      .record(z.string(), oneOrMore('The lines of this board.'), {
        error: 'the lines of each board: { a: GPIO17, b: GPIO22 }',
      })
      .meta({ description: 'two-relays and latching: the line (or lines) that connects each board.' })
      .optional(),
    'at-rest': text(
      "a board's name, or none",
      'What the de-energised relay connects to the actuator: a board, or none.',
    ),
    feedback: oneOrMore(
      'A line that reads where the contact is (one for each channel, or one for all). High: the contact stands where the energised coil puts it; with two relays or a latching one, at the second board. Without it a move is not proved.',
    ).optional(),
    'feedback-active-low': flag('True when the feedback contact pulls its line low.').default(false),
    'feedback-pull': oneOf(
      ['none', 'up', 'down'],
      'A resistor inside the host that holds the feedback line while its contact is open.',
    ).default('none'),
    'active-low': flag('True when a low level energises the coil.').default(false),
    settle: duration('From the command until the contact has surely stopped bouncing.').prefault('30ms'),
    operate: duration('From the command until the contact moves: the relay data sheet says it.').prefault('10ms'),
    pulse: positiveDuration('latching: how long a coil is pulsed.').prefault('50ms'),
    gap: duration('two-relays: both are open for so long between one and the other.').prefault('20ms'),
    'hold-off': oneOf(
      ['none', 'latched-reset', 'series-relay', 'latching'],
      'What keeps a locked-out board off the actuator while the gateway has no power.',
    ).default('none'),
    'on-gateway-death': oneOf(
      ['hold', 'release'],
      'What the line is to do when the gateway process dies: hold keeps its level, release lets the relay fall to rest. The kernel decides: copycat check and run say whether it will. Default: hold, with a warning where that cannot be kept.',
    ).optional(),
    'dead-man': deadMan.optional(),
    'rated-operations': wholeNumber(
      1,
      1_000_000_000,
      'Moves that the relay is good for under its load: the data sheet says it.',
    ).default(100_000),
    'prove-every': z
      .string({ error: 'a duration such as 24h, or off' })
      .regex(/^(off|\d+(?:\.\d+)?(s|min|h))$/, { error: 'a duration such as 24h, or off' })
      .transform((said) =>
        said.endsWith('h') ? Number(said.slice(0, -1)) * 3_600_000_000 : (parseDuration(said) ?? 0),
      )
      .meta({
        description:
          'Swap duty so often, to prove that a takeover would work; only while the pair is protected. off: never.',
      })
      .prefault('off'),
    'disturbs-for': duration(
      'A link that is lost so soon after the relay moved, and comes back as soon, is no fault: switching a load disturbs USB.',
    ).prefault('1s'),
  },
  RELAY,
  'The relay that gives the actuator to one of the boards.',
);

export const relay = z
  .union(
    [
      oneOf(
        ['emulated', 'none'],
        'emulated: a relay that exists only in the gateway. none: RESET of both boards, or nothing at all, stands for it.',
      ),
      wiredRelay,
    ],
    { error: RELAY },
  )
  .meta({
    description:
      'What gives the actuator to one of the boards: a relay on lines, or one of two words. emulated: it exists only in the gateway, for trying things out without any line. none: there is no relay; then RESET of both boards has to be wired (a board that is out of the pair is held in RESET), or nothing is to be switched at all (outputs: none).',
  });

export const gpio = group(
  {
    chip: text(
      'the label of a GPIO chip, or auto',
      'Which chip of the host has the lines; auto: the one that has lines of these names (pinctrl-bcm2835, pinctrl-bcm2711, pinctrl-rp1 on a Raspberry Pi).',
    ).default('auto'),
  },
  'the keys of the host lines: { chip: auto }',
  'The GPIO lines of the host.',
);

export const firmata = group(
  {
    port: z
      .string({ error: PORT })
      .regex(/^(usb-\d+(?:[.-]\d+)*|\/.+|emulated|tty[A-Za-z]+\d+|(usb-[A-Za-z]|platform-|pci-)[A-Za-z0-9_.:+@-]+)$/, {
        error: PORT,
      })
      .meta({ description: 'Where the Firmata board is plugged in.' }),
    baud: wholeNumber(9600, 2_000_000, 'Bits per second; StandardFirmata uses 57600.').default(57_600),
  },
  'the keys of the Firmata board: { port: usb-1.4 }',
  'A further board that runs StandardFirmata and gives lines D2, D3, … and A0, A1, …',
);

export const alarm = group(
  {
    pin: line('The line that is on while there is something to tell.'),
    'active-low': flag('True when a low level is on.').default(false),
    on: oneOf(
      ['not-protected', 'stopped'],
      'not-protected: whenever a fault of the primary would find no backup. stopped: only when nothing drives any more.',
    ).default('not-protected'),
  },
  'the keys of the alarm: { pin: GPIO5 }',
  'A lamp or a horn.',
);

export const stop = group(
  {
    means: oneOf(
      ['firmware-only', 'cut-off', 'reset-both'],
      'What a stop of the pair does beyond granting no commits: nothing (boards go safe by their silence; a hung board keeps its pins), a relay that cuts the actuator off, or both boards held in RESET.',
    ).default('firmware-only'),
    pin: line('cut-off: the line of that relay; it is energised while the pair may drive.').optional(),
    'active-low': flag('cut-off: true when a low level energises its coil.').default(false),
  },
  'the keys of the stop: { means: cut-off, pin: GPIO6 }',
  'What a stop of the pair does (R13).',
);
