import picocolors from 'picocolors';

/** Colours for standard output: only where a person looks at it. */
export const colours = picocolors.createColors(process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined);

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printError(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}
