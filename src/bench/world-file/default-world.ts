import type { NamedField } from '../../values/named-field.js';
import type { RawType } from '../../values/raw-value.js';
import type { SketchWorld, TemplateValue } from './sketch-world.js';

/** What the processor's pins are, by Arduino's numbers. */
export interface BoardPins {
  readonly digital: readonly number[];
  /** How many there are, from A0. */
  readonly analogChannels: number;
  /** Which of the digital ones A0 is. */
  readonly firstAnalogPin: number;
}

/** Inputs come so often where nobody says. */
export const EVERY_US = 20_000;
const CHANNEL_PERIOD_US = 4_000_000;
const PRESSED_EVERY_US = 1_000_000;
const PRESSED_FOR_US = 150_000;
/** Pins do not move all at once. */
const STAGGERED_US = 130_000;
/** Inputs with the same values, so that something can come of them. */
const HOLD_INPUTS = 10;
const VOLTS = 5;
/** Where a field's type can hold more, people seldom mean it. */
const MOST_UNITS = 100;

const LARGEST: Readonly<Record<RawType, number>> = {
  ...{ u8: 255, i8: 127, u16: 65_535, i16: 32_767, u32: 2 ** 32 - 1, i32: 2 ** 31 - 1, f32: 1e9, bool: 1 },
};

/**
 * A world for a sketch of which nothing is known but its named fields: whatever it may read moves, and no two things at
 * the same moments.
 */
export function defaultWorld({ digital, analogChannels }: BoardPins, fields: readonly NamedField[]): SketchWorld {
  return {
    outputs: null,
    pins: digital.map((pin, index) => ({
      pin,
      drive: {
        ...{ kind: 'button', everyUs: PRESSED_EVERY_US, forUs: PRESSED_FOR_US, pressed: 0 },
        fromUs: index * STAGGERED_US,
      },
    })),
    channels: Array.from({ length: analogChannels }, (_, channel) => ({
      channel,
      drive: { kind: 'triangle', from: 0, to: VOLTS, periodUs: CHANNEL_PERIOD_US * (1 + channel / 8) },
    })),
    i2c: [],
    plant: null,
    inputs: { everyUs: EVERY_US, payloads: { kind: 'template', values: fields.map(defaultValue) } },
    ticksUs: null,
  };
}

/** A field of a payload, of which only its type and scale are known. */
export function defaultValue(field: NamedField): TemplateValue {
  const to = Math.min(MOST_UNITS, LARGEST[field.type] * Math.abs(field.scale));
  return { field, from: 0, to, holdInputs: HOLD_INPUTS, followsPlant: false };
}
