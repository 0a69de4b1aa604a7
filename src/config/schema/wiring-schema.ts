import { z } from 'zod';
import { flag, group, oneOf, text } from './schema-parts.js';

/** The part of the schema that says what no line shows: how things are wired. Only copycat wiring and copycat check read it. */

const PIN = 'a pin of the boards, such as D9 or A0';
const PIN_PATTERN = /^[DA]\d{1,2}$/;

const pin = (description: string) => z.string({ error: PIN }).regex(PIN_PATTERN, { error: PIN }).meta({ description });

const HOST_MODELS = ['pi-3', 'pi-4', 'pi-5', 'pi-zero-2'] as const;
const HOST_INTERFACES = ['i2c', 'spi', 'serial', 'one-wire'] as const;
const RELAY_MODULES = ['transistor', 'opto-3v3', 'opto-5v', 'bare'] as const;

export const wiring = group(
  {
    host: oneOf(HOST_MODELS, 'Which Raspberry Pi it is.').default('pi-4'),
    interfaces: z
      .array(oneOf(HOST_INTERFACES, 'An interface.'), { error: `a list of ${HOST_INTERFACES.join(', ')}` })
      .meta({ description: 'Interfaces of the Pi that are turned on (raspi-config): their pins are taken.' })
      .default([]),
    'relay-module': oneOf(
      RELAY_MODULES,
      'What stands between a line and a coil. transistor: a transistor, or a module that has one. opto-3v3, opto-5v: a module with opto-couplers whose VCC is at 3.3 V, or at 5 V. bare: nothing.',
    ).default('transistor'),
    'reset-through': oneOf(
      ['transistor', 'wire'],
      'How a line reaches RESET of a board: through a transistor, or directly.',
    ).default('transistor'),
    'feedback-from': oneOf(
      ['host', '5v', '5v-divided'],
      'What the feedback contact connects: the 3.3 V of the host (of a Firmata board: its 5 V), 5 V, or 5 V behind a divider.',
    ).default('host'),
    outputs: z
      .array(pin('An output.'), { error: `a list of pins of the boards, one for each channel, such as [D9]` })
      .min(1, { error: 'at least one pin' })
      .max(8, { error: 'at most 8 pins' })
      .meta({
        description: 'The outputs of the boards that go over the relay, one for each channel. Default: D9, D8, …',
      })
      .optional(),
    actuator: text('what the outputs drive', 'What the outputs drive, for the drawing.').default('actuator'),
    sensor: oneOf(
      ['none', 'each', 'shared'],
      'What the boards read: nothing, a sensor for each board, or one for both.',
    ).default('each'),
    'sensor-pin': pin('Where the boards read it.').default('A0'),
    supply: oneOf(
      ['shared', 'separate'],
      'Where the boards have their supply from: the USB ports of the host, or one of its own for each.',
    ).default('shared'),
    'common-ground': flag('True when GND of host, boards, relay and actuator are connected.').default(true),
  },
  'the keys of the wiring: { relay-module: opto-3v3, supply: separate }',
  'How things are wired, for the drawing (copycat wiring) and its checks; the gateway does not use it.',
);
