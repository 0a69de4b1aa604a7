import type { NamedField } from '../../values/named-field.js';
import type { Drive } from './drive.js';

/** What surrounds a pair on the bench: world.yaml with everything filled in. Data alone, so that it goes to another process. */
export interface SketchWorld {
  /** By Arduino's number, those that the relay hands over; null: all that the image drives. */
  readonly outputs: readonly number[] | null;
  readonly pins: readonly { readonly pin: number; readonly drive: Drive }[];
  /** From 0 for A0. */
  readonly channels: readonly { readonly channel: number; readonly drive: Drive }[];
  /** Thermometers on I2C, in degC. */
  readonly i2c: readonly { readonly address: number; readonly drive: Drive }[];
  readonly plant: PlantModel | null;
  readonly inputs: WorldInputs;
  /** Ticks of the gateway; null: none. */
  readonly ticksUs: number | null;
}

/** First order: it goes towards `rests + level / 255 * rises` with this time constant. */
export interface PlantModel {
  /** The pin whose level drives it. */
  readonly follows: number;
  readonly starts: number;
  readonly rests: number;
  readonly rises: number;
  readonly timeConstantS: number;
}

export interface WorldInputs {
  /** Emulated time from one to the next, at least. */
  readonly everyUs: number;
  readonly payloads:
    | { readonly kind: 'template'; readonly values: readonly TemplateValue[] }
    /** In hex; each in its turn, then from the beginning. */
    | { readonly kind: 'recorded'; readonly payloads: readonly string[] };
}

/** One named field of a payload. */
export interface TemplateValue {
  readonly field: NamedField;
  /** In units: between these, drawn anew every so many inputs; or where the plant stands. */
  readonly from: number;
  readonly to: number;
  readonly holdInputs: number;
  readonly followsPlant: boolean;
}
