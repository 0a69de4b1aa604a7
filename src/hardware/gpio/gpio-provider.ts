import type { Clock } from '../../clock/clock.js';
import { createIoProvider } from '../lines/io-provider.js';
import type { LineProvider } from '../lines/line-provider.js';
import type { GpioHost } from './gpio-chip.js';
import { GpioIo } from './gpio-io.js';
import { openLinuxGpio } from './linux-gpio.js';

export interface GpioProviderOptions {
  readonly clock: Clock;
  /** The chip's label; null: the one that has a line of the name. */
  readonly chip: string | null;
  /** The host's own chips when not given. */
  readonly openHost?: () => Promise<GpioHost>;
}

/** Lines `GPIOn` of this host, by the GPIO character device. */
export function createGpioProvider(options: GpioProviderOptions): LineProvider {
  let io: GpioIo | null = null;
  return createIoProvider({
    name: "the host's GPIO",
    has: (line) => /^GPIO\d+$/.test(line),
    openIo: async () => {
      const host = await (options.openHost ?? openLinuxGpio)();
      io = new GpioIo(host, options.clock, options.chip);
      return io;
    },
    close: () => io?.close(),
  });
}
