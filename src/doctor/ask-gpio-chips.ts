import { readdirSync } from 'node:fs';
import type { GpioChipFacts } from './machine.js';

/** What this machine's GPIO chips are and who holds their lines. */
export async function askGpioChips(): Promise<readonly GpioChipFacts[]> {
  return readdirSync('/dev')
    .filter((name) => /^gpiochip\d+$/.test(name))
    .map((name) => ({ path: `/dev/${name}`, label: '', trouble: 'cannot be asked', lines: [] }));
}
