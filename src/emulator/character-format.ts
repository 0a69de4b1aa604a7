import { bitsPerCharacter, type LineSettings } from '../values/line-settings.js';

/** How a byte is put on a serial line. Other than eight data bits are not modelled. */
export type CharacterFormat = Omit<LineSettings, 'baudRate'>;
export type Parity = CharacterFormat['parity'];

/** What nearly everything uses. */
export const eightNoneOne: CharacterFormat = { dataBits: 8, parity: 'none', stopBits: 1 };

/** Bits after which a receiver has taken the character: it looks at one stop bit and no more. */
export function heardBits({ dataBits, parity }: CharacterFormat): number {
  return bitsPerCharacter({ dataBits, parity, stopBits: 1 });
}

/** What a receiver finds wrong with a character. */
export interface CharacterErrors {
  readonly frame: boolean;
  readonly parity: boolean;
}

const noErrors: CharacterErrors = { frame: false, parity: false };

/**
 * What a receiver set to `heard` finds in a character that was sent in another format, at the right rate. It takes the
 * sender's stop bit for a parity bit, or the parity bit for a stop bit, as wires have it.
 *
 * @param followed the next character's start bit comes at once behind the stop bits of this one
 */
export function errorsBetween(byte: number, sent: CharacterFormat, heard: Parity, followed: boolean): CharacterErrors {
  if (sent.parity === heard) return noErrors;
  if (heard === 'none') return { frame: parityBit(byte, sent.parity) === 0, parity: false };
  if (sent.parity === 'none') {
    return { frame: sent.stopBits === 1 && followed, parity: parityBit(byte, heard) === 0 };
  }
  return { frame: false, parity: true };
}

function parityBit(byte: number, parity: Parity): number {
  let ones = parity === 'odd' ? 1 : 0;
  for (let rest = byte; rest !== 0; rest >>= 1) ones ^= rest & 1;
  return ones;
}
