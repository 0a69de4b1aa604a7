import type { Clock } from '../clock/clock.js';
import type { Config } from '../config/config.js';
import { createGpioProvider } from '../hardware/gpio/gpio-provider.js';
import { createLines, type Lines } from '../hardware/lines.js';

/** The lines of this machine and of what hangs on it; nothing is touched before one of them is asked for. */
export function linesOf(config: Config, clock: Clock): Lines {
  return createLines([createGpioProvider({ clock, chip: config.gpioChip })]);
}
