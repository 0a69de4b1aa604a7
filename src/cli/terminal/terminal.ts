import picocolors from 'picocolors';
import { jsonText, safeOutput } from './printable.js';

/** Colours for standard output: only where a person looks at it. */
export const colours = picocolors.createColors(process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined);

export function print(text: string): void {
  process.stdout.write(`${safeOutput(text)}\n`);
}

export function printError(text: string): void {
  process.stderr.write(`${safeOutput(text)}\n`);
}

/** Valid JSON whatever is in its texts: what a terminal would act on is escaped there too. */
export function printJson(value: unknown): void {
  print(jsonText(value, 2));
}
