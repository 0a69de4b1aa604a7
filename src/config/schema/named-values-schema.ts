import { z } from 'zod';
import { group, number, oneOf, text, wholeNumber } from './schema-parts.js';

/** The part of the schema that gives bytes their names: fields of inputs and results, readings, outputs. */

const TYPES = ['u8', 'i8', 'u16', 'i16', 'u32', 'i32', 'f32', 'bool'] as const;

const fieldShape = {
  name: text('a name', 'What a person calls it.'),
  type: oneOf(TYPES, 'How it is stored, little-endian. bool: one byte, true when it is not 0.'),
  offset: wholeNumber(0, 255, 'Where it begins, in bytes.'),
  scale: number('What one step is worth, in units.')
    .refine((scale) => scale !== 0, { error: 'a number that is not 0' })
    .default(1),
  unit: z.string({ error: 'a unit, such as degC' }).meta({ description: 'Its unit, for people.' }).default(''),
};

export const inputField = group(
  fieldShape,
  'a field: { name: set point, type: i16, offset: 0, scale: 0.1, unit: degC }',
  'A named value in a payload.',
);

export const resultField = group(
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

export const source = group(
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

export const OUTPUTS = 'a list of at most 8 outputs, or none';

export const output = group(
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
