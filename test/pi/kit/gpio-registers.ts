/** BCM2835 ARM Peripherals, section 6.1; on a Pi 3 the block begins at 0x3f200000. */
const BLOCK = 0x3f20_0000;
const GPFSEL0 = BLOCK;
export const GPSET0 = BLOCK + 0x1c;
export const GPCLR0 = BLOCK + 0x28;
export const GPLEV0 = BLOCK + 0x34;

/** Where the function of a line stands: ten lines a word, three bits each. */
export const functionWord = (line: number): number => GPFSEL0 + 4 * Math.floor(line / 10);

export interface LineState {
  readonly isOutput: boolean;
  readonly level: 0 | 1;
}

/** 001 is an output, 000 an input. */
export function isOutput(line: number, word: number): boolean {
  return ((word >>> (3 * (line % 10))) & 7) === 1;
}

export function levelOf(line: number, word: number): 0 | 1 {
  return (word >>> line) & 1 ? 1 : 0;
}
