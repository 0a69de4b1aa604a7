import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FieldMap } from '../faults/stored-fault.js';

interface SuppliedImage {
  readonly path: string;
  /** What people call the values in its payloads and results. */
  readonly fields: FieldMap;
}

const IMAGES = new URL('../../firmware-harness/images/', import.meta.url);

/** Images that come along, by the short name that a configuration may use for them. */
const SUPPLIED: Readonly<Record<string, SuppliedImage>> = {
  'heater.hex': {
    path: fileURLToPath(new URL('heater.atmega328p.hex', IMAGES)),
    fields: {
      input: [
        { name: 'set point', type: 'i16', offset: 0, scale: 0.0625, unit: 'degC' },
        { name: 'measured', type: 'i16', offset: 2, scale: 0.0625, unit: 'degC' },
      ],
      result: [
        { name: 'duty', type: 'u8', offset: 0, scale: 1, unit: '/ 255' },
        { name: 'tripped', type: 'u8', offset: 1, scale: 1, unit: '' },
        { name: 'integrator', type: 'i32', offset: 2, scale: 1, unit: '' },
      ],
    },
  },
};

/** What an emulated board runs when the configuration names no image. */
export const DEFAULT_IMAGE = 'heater.hex';

/** The file that `name` means beside the configuration in `folder`; where there is none, the image that comes along. */
export function imagePath(name: string, folder: string): string {
  const own = resolve(folder, name);
  return existsSync(own) ? own : (SUPPLIED[name]?.path ?? own);
}

/** The names of the values of an image that comes along; null for anybody else's. */
export function fieldsOfImage(path: string): FieldMap | null {
  return Object.values(SUPPLIED).find((image) => image.path === path)?.fields ?? null;
}
