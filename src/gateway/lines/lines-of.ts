import type { Logger } from 'pino';
import type { Clock } from '../../clock/clock.js';
import type { Config, FirmataConfig } from '../../config/config.js';
import { createFirmataProvider } from '../../hardware/firmata/firmata-provider.js';
import { createGpioProvider } from '../../hardware/gpio/gpio-provider.js';
import type { LineProvider } from '../../hardware/lines/line-provider.js';
import { createLines, type Lines } from '../../hardware/lines/lines.js';
import { locatePort, type PortWish } from '../../serial/ports/find-port.js';
import { type ByteSession, openByteSession } from '../../serial/session/byte-session.js';
import { holdLines } from '../../serial/session/hold-lines.js';
import { tuneLatency } from '../../serial/session/tune-latency.js';
import { wishOf } from '../ports/open-serial-port.js';

/** The lines of this machine and of what hangs on it; nothing is touched before one of them is asked for. */
export function linesOf(config: Config, clock: Clock, log: Logger): Lines {
  const { firmata } = config;
  const providers: LineProvider[] = [createGpioProvider({ clock, chip: config.gpioChip })];
  if (firmata !== null) {
    const wish = wishOf({ board: 'of the relay', port: firmata.port, match: null });
    const openStream = () => openFirmataPort(wish, firmata);
    providers.push(createFirmataProvider({ port: wish.port ?? '', openStream, clock }));
  }
  for (const { name, changes } of providers) {
    changes.subscribe((trouble) => {
      if (trouble === null) log.info({ lines: name }, 'the lines work');
      else log.warn({ lines: name, trouble }, 'the lines do not work');
    });
  }
  return createLines(providers);
}

/** The place of a plug is looked up anew at every try, as it may have changed its name. */
async function openFirmataPort(wish: PortWish, { baudRate }: FirmataConfig): Promise<ByteSession> {
  const { path, info } = await locatePort(wish);
  return await openByteSession({
    path,
    baudRate,
    prepare: async (port) => {
      if (info === null) return; // no hardware of this host's: there is nothing to set
      // R27: DTR that drops with a killed gateway would restart the board at the next opening, and let its relay fall.
      await holdLines(path);
      await tuneLatency(info, port);
    },
  });
}
