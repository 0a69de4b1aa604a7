import { z } from 'zod';
import { positiveDuration, text, wholeNumber } from '../../config/schema/schema-parts.js';

/** world.yaml, as it is written. Every error message is what was expected, as in the configuration's schema. */

const PIN = 'a pin such as D2 or A0';
const pinName = z.string({ error: PIN }).regex(/^[DA]\d{1,2}$/, { error: PIN });
const CHANNEL = 'a channel such as A0';
const channelName = z.string({ error: CHANNEL }).regex(/^A\d{1,2}$/, { error: CHANNEL });
const NUMBER = 'a number';
const number = z.number({ error: NUMBER });
const time = z
  .string({ error: 'a time such as 3s' })
  .regex(/^\d+(\.\d+)?(us|ms|s|min)$/, { error: 'a time such as 3s' });

const level = z.union([z.literal('high'), z.literal('low'), number], { error: 'high, low or a number' });
const csv = text('the path of a CSV file', 'Beside the world file.');

const DRIVE =
  'one of { constant: 2.5 }, { steps: [[0s, 1], [3s, 2.5]] }, { triangle: [0, 5], every: 4s }, { button: low, every: 1s, for: 150ms }, { csv: FILE, column: NAME } or { plant: 0.02 }';

const drive = z.union(
  [
    z.strictObject({ constant: level }),
    z.strictObject({ steps: z.array(z.tuple([time, level])).min(1) }),
    z.strictObject({ triangle: z.tuple([number, number]), every: positiveDuration('') }),
    z.strictObject({
      button: z.enum(['high', 'low']),
      every: positiveDuration(''),
      for: positiveDuration(''),
      from: time.optional(),
    }),
    z.strictObject({ csv, column: text('the name of a column', '') }),
    z.strictObject({ plant: number, offset: number.optional() }),
  ],
  { error: DRIVE },
);

const ADDRESS = 'an address such as 0x48';
/** YAML makes a number of 0x48. */
const address = z.string({ error: ADDRESS }).regex(/^(0x[0-9a-fA-F]{1,2}|\d{1,3})$/, { error: ADDRESS });
const THERMOMETER = '{ lm75: what drives it, in degC }';

const VALUE = 'a number, { from: 45, to: 105, hold: 25 } or plant';
const templateValue = z.union(
  [
    number,
    z.literal('plant'),
    z.strictObject({ from: number, to: number, hold: wholeNumber(1, 100_000, '').optional() }),
  ],
  { error: VALUE },
);

export const worldSchema = z.strictObject(
  {
    outputs: z.array(pinName, { error: 'a list of pins' }).min(1, { error: 'at least one pin' }).optional(),
    pins: z.record(pinName, drive, { error: 'pins, and what drives each' }).optional(),
    channels: z.record(channelName, drive, { error: 'channels, and what drives each' }).optional(),
    i2c: z
      .record(address, z.strictObject({ lm75: drive }, { error: THERMOMETER }), {
        error: 'addresses, and what is there',
      })
      .optional(),
    plant: z
      .strictObject({
        follows: pinName,
        starts: number,
        rests: number,
        rises: number,
        'time-constant': positiveDuration(''),
      })
      .optional(),
    inputs: z
      .strictObject({
        every: positiveDuration('').optional(),
        payload: z.record(z.string(), templateValue, { error: 'named fields, and a value for each' }).optional(),
        csv: csv.optional(),
      })
      .optional(),
    ticks: positiveDuration('').optional(),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? undefined : 'the keys outputs, pins, channels, i2c, plant, inputs and ticks',
  },
);

export type WorldFile = z.infer<typeof worldSchema>;
export type DriveFile = z.infer<typeof drive>;
