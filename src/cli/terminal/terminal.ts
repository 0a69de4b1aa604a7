import type { WriteStream } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';
import picocolors from 'picocolors';
import { wrap } from '../../faults/wrap-text.js';
import { clearLiveLine } from './live-line.js';
import { jsonText, safeOutput } from './printable.js';

type Output = NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;

/** Longer lines of running text are hard to read, however wide a terminal is; where nobody looks, they are this long. */
const WIDEST_TEXT = 100;
/** Narrower than this nothing is laid out: the terminal breaks lines itself. */
const NARROWEST = 40;

/** Colours for standard output: only where a person looks at it, and has not said NO_COLOR. */
export const colours = coloursFor(process.stdout);

/** The same for what goes to standard error, which may be a file where the other is a terminal. */
export const errorColours = coloursFor(process.stderr);

function coloursFor(output: Output): ReturnType<typeof picocolors.createColors> {
  const isUnwanted = (process.env['NO_COLOR'] ?? '') !== '' || process.env['TERM'] === 'dumb';
  return picocolors.createColors(output.isTTY === true && !isUnwanted);
}

/** How many characters a line of running text has: the terminal's width up to 100; 100 in a pipe or a file. */
export function textWidth(output: Output = process.stdout): number {
  return Math.min(WIDEST_TEXT, terminalWidth(output) ?? WIDEST_TEXT);
}

/** How many characters a table may have: the terminal's width; as many as it needs in a pipe or a file, where a row is a line. */
export function tableWidth(output: Output = process.stdout): number {
  return terminalWidth(output) ?? Number.POSITIVE_INFINITY;
}

/** Null: no terminal, or one that does not know its size. */
function terminalWidth({ isTTY, columns }: Output): number | null {
  return isTTY === true && columns !== undefined && columns > 0 ? Math.max(NARROWEST, columns) : null;
}

export function print(text: string): void {
  clearLiveLine();
  process.stdout.write(`${safeOutput(text)}\n`);
}

/** Sentences: broken between words where a terminal is narrower than they are, and never in a pipe or a file. */
export function printText(text: string): void {
  print(flowed(text, process.stdout));
}

export function printError(text: string): void {
  clearLiveLine();
  process.stderr.write(`${safeOutput(flowed(text, process.stderr))}\n`);
}

/** Deeper than any list: what stands there is to be copied, or was laid out by somebody else. */
const AS_IT_IS = /^\s{4}/;

/** Text as `output` shows it best: what stands four and more from the edge is left as it is. */
export function flowed(text: string, output: Output): string {
  const width = terminalWidth(output);
  if (width === null) return text;
  return text
    .split('\n')
    .flatMap((line) => {
      if (AS_IT_IS.test(line) || lengthOf(line) <= width) return [line];
      const indent = ' '.repeat(line.length - line.trimStart().length);
      return wrap(line.trim(), Math.min(width, WIDEST_TEXT) - indent.length, lengthOf).map((part) => indent + part);
    })
    .join('\n');
}

function lengthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** Valid JSON whatever is in its texts: what a terminal would act on is escaped there too. */
export function printJson(value: unknown): void {
  print(jsonText(value, 2));
}
