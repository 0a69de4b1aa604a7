import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Field, SourceMap } from '../../pair/result/fields.js';
import type { NamedOutput } from '../../values/named-field.js';
import { type BoardFacts, imageOf } from '../board-facts.js';
import { BOARD_KINDS } from '../board-kinds.js';
import type { NamedValues } from '../config.js';
import { factsOfKind } from './board-files.js';

interface SuppliedImage {
  /** The key of its files in boards/KIND/board.json: one for each processor. */
  readonly key: string;
  /** What people call the values in its payloads and results, and what is plausible of them. */
  readonly fields: NamedValues;
  readonly sources: readonly SourceMap[];
  readonly outputs: readonly NamedOutput[];
}

/** Firmware that knows nothing of a pair: its payloads are those of its protocol (docs/protocols.md). */
const foreign = (key: string): SuppliedImage => ({
  ...{ key, fields: { input: [], result: [], state: [] }, sources: [], outputs: [] },
});

/** Images that come along, by the short name that a configuration may use for them. */
const SUPPLIED: Readonly<Record<string, SuppliedImage>> = {
  'heater.hex': {
    key: 'heater',
    fields: {
      input: [
        { name: 'set point', type: 'i16', offset: 0, scale: 0.0625, unit: 'degC' },
        { name: 'measured', type: 'i16', offset: 2, scale: 0.0625, unit: 'degC' },
      ],
      result: [
        resultField({ name: 'duty', type: 'u8', offset: 0, unit: '/ 255' }),
        resultField({ name: 'tripped', type: 'bool', offset: 1 }),
        // HEATER_INTEGRATOR_MAX: the sketch itself never goes beyond.
        resultField({ name: 'integrator', type: 'i32', offset: 2, min: 0, max: 65_280 }),
        // Only in the answer to `report`.
        resultField({ name: 'set point', type: 'i16', part: 1, offset: 0, scale: 0.0625, unit: 'degC' }),
      ],
      // heater_state_t in firmware-harness/apps/heater/heater.h.
      state: [
        { name: 'integrator', type: 'i32', offset: 0, scale: 1, unit: '' },
        { name: 'set point', type: 'i16', offset: 4, scale: 0.0625, unit: 'degC' },
        { name: 'duty', type: 'u8', offset: 6, scale: 1, unit: '/ 255' },
        { name: 'tripped', type: 'bool', offset: 7, scale: 1, unit: '' },
      ],
    },
    sources: [{ name: 'temperature', unit: 'degC', scale: 250 / 1023, tolerance: 2 }],
    outputs: [
      { name: 'heat', pin: 'D9', unit: '/ 255', scale: 1 },
      { name: 'trip', pin: 'D8', unit: '', scale: 1 },
    ],
  },
  'modbus.hex': foreign('modbus'),
  'lines.hex': foreign('lines'),
  'lines-ok.hex': foreign('lines-ok'),
  'lines-prompt.hex': foreign('lines-prompt'),
};

/** What an emulated board runs when the configuration names no image. */
export const DEFAULT_IMAGE = 'heater.hex';

/**
 * The file that `name` means beside the configuration in `folder`; where there is none, the image that comes along for
 * this kind of board.
 */
export function imagePath(name: string, folder: string, facts: BoardFacts): string {
  const own = resolve(folder, name);
  const supplied = SUPPLIED[name];
  if (supplied === undefined || existsSync(own)) return own;
  return imageOf(facts, supplied.key) ?? own;
}

/** The names of the values of an image that comes along; null for anybody else's. */
export function suppliedImage(path: string): Pick<SuppliedImage, 'fields' | 'sources' | 'outputs'> | null {
  const isOne = ({ key }: SuppliedImage) => BOARD_KINDS.some((kind) => imageOf(factsOfKind(kind), key) === path);
  return Object.values(SUPPLIED).find(isOne) ?? null;
}

/** A field of a result that nothing more is known of. */
export function resultField(said: Pick<Field, 'name' | 'type' | 'offset'> & Partial<Field>): Field {
  return { unit: '', part: 0, scale: 1, tolerance: 0, min: null, max: null, maxChangePerS: null, ...said };
}
