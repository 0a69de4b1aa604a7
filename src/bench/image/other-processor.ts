import { loadHex } from '../../emulator/hex.js';
import { type BenchKind, mcuOfKind } from '../stage/heater-image.js';

/** By the number of their interrupt vectors, each a jmp, at the beginning of an image. */
const BY_VECTORS: Readonly<Record<number, string>> = {
  26: 'an ATmega328P (Uno, Nano)',
  35: 'an ATmega1284P',
  40: 'an ATmega4809 (Uno WiFi, Nano Every)',
  43: 'an ATmega32U4 (Leonardo, Micro)',
  57: 'an ATmega2560 (Mega)',
};
const OWN_VECTORS: Readonly<Record<string, number>> = { atmega328p: 26, atmega2560: 57 };
const JMP = 0x940c;
const ERASED = 0xffff;
/** An AVR has no address from here on; what has is a processor of ARM or of others. */
const BEYOND_EVERY_AVR = /^:02000004(?!00[0-3])[0-9A-F]{4}/im;

/** Where an image is that is for no AVR at all, as `0x08000000`; null: it may be for one. */
export function beyondEveryAvr(hex: string): string | null {
  const found = BEYOND_EVERY_AVR.exec(hex);
  return found === null ? null : `0x${found[0].slice(-4).toUpperCase()}0000`;
}

/**
 * Why an image is not for boards of this kind, as far as it shows without being run: `it has the 43 interrupt vectors of …`; null: it does not show.
 * What is linked with shorter jumps has no vectors that can be counted.
 */
export function otherProcessor(hex: string, kind: BenchKind): string | null {
  const mcu = mcuOfKind(kind);
  const words = new Uint16Array(loadHex(hex, mcu.flashBytes).buffer);
  if (words[0] === ERASED) return 'it has nothing at address 0, where an AVR begins';
  let vectors = 0;
  while (words[2 * vectors] === JMP) vectors++;
  const name = BY_VECTORS[vectors];
  if (name === undefined || vectors === OWN_VECTORS[mcu.name]) return null;
  return `it has the ${vectors} interrupt vectors of ${name}`;
}
