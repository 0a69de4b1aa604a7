import { InvalidArgumentError } from 'commander';
import { LEAST_BAUD, type LineSettings, MOST_BAUD, parseLine } from '../../values/line-settings.js';

/** Reads the argument of an option that says line settings: `115200-8E1`. */
export function lineSettings(text: string): LineSettings {
  const line = parseLine(text);
  if (line !== null) return line;
  throw new InvalidArgumentError(
    `Expected bits per second from ${LEAST_BAUD} to ${MOST_BAUD}, data bits, parity and stop bits, such as 115200-8N1.`,
  );
}
