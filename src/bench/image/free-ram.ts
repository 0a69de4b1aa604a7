import { loadHex } from '../../emulator/hex.js';
import { mcuNamed } from '../../emulator/mcu-named.js';

/** How much of a board's RAM the variables of a program take, and what is left for its stack. */
export interface RamOfImage {
  readonly variableBytes: number;
  /** Negative: there is not even room for the variables. */
  readonly stackBytes: number;
}

/** avr-libc's loop that clears .bss: st X+, r1; cpi r26, END; cpc r27, END's high byte; brne to the st. */
const CLEARS = { store: 0x921d, compare: 0x30a0, again: 0xf7e1 };
/** The register that keeps the high byte: its `ldi` and its `cpc`. By the release of the compiler. */
const KEEPERS = [
  { load: 0xe010, compare: 0x07b1 },
  { load: 0xe020, compare: 0x07b2 },
];
const IMMEDIATE_MASK = 0xf0f0;
/** The `ldi` stands so many words before the loop. */
const LOAD_BEFORE = 4;

/**
 * By what every program of avr-gcc does before main(): it sets its variables to zero, up to where they end. Null where it does not: no variables,
 * or another compiler.
 */
export function ramOfImage(hex: string, mcuName: string): RamOfImage | null {
  const mcu = mcuNamed(mcuName);
  const words = new Uint16Array(loadHex(hex, mcu.flashBytes).buffer);
  for (let at = words.indexOf(CLEARS.store); at >= 0; at = words.indexOf(CLEARS.store, at + 1)) {
    const [compareLow = 0, compareHigh = 0, again = 0] = words.subarray(at + 1, at + 4);
    const keeper = KEEPERS.find(({ compare }) => compare === compareHigh);
    const load = words[at - LOAD_BEFORE] ?? 0;
    if ((compareLow & IMMEDIATE_MASK) !== CLEARS.compare || again !== CLEARS.again) continue;
    if (keeper === undefined || (load & IMMEDIATE_MASK) !== keeper.load) continue;
    const end = (immediate(load) << 8) | immediate(compareLow);
    const variableBytes = end - mcu.sramStart;
    return { variableBytes, stackBytes: mcu.sramBytes - variableBytes };
  }
  return null;
}

/** The constant of an `ldi` or `cpi`. */
function immediate(word: number): number {
  return ((word >> 4) & 0xf0) | (word & 0x0f);
}
