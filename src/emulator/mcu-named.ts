import { CopycatError } from '../errors/copycat-error.js';
import { atmega328p } from './atmega328p.js';
import { atmega2560 } from './atmega2560.js';
import type { Mcu } from './mcu.js';

const known: readonly Mcu[] = [atmega328p, atmega2560];

/**
 * The microcontroller that boards/KIND/board.json names.
 * @throws CopycatError EMULATOR_FAILED for one that is not emulated
 */
export function mcuNamed(name: string): Mcu {
  const mcu = known.find((one) => one.name === name);
  if (mcu !== undefined) return mcu;
  throw new CopycatError('EMULATOR_FAILED', `there is no emulator for ${name}`, {
    value: name,
    expected: `one of ${known.map((one) => one.name).join(', ')}`,
  });
}
