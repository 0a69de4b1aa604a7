import type { Config } from '../../config/config.js';
import type { GpioHost } from '../../hardware/gpio/gpio-chip.js';
import { openLinuxGpio } from '../../hardware/gpio/linux-gpio.js';
import { takeLine } from '../../hardware/gpio/take-line.js';

/**
 * on-gateway-death: release, where the kernel would keep the level of a line whose gateway is gone (Raspberry Pi OS):
 * each line of the relay is taken with the level of rest, and let go. Gives the lines, for people. A latching relay has
 * no rest to fall to, and a line that is not this host's GPIO is not its kernel's to keep.
 * @throws CopycatError RELAY_UNAVAILABLE when a line cannot be taken, as while a gateway still holds it
 */
export async function releaseRelay(
  { relay, gpioChip }: Config,
  openHost: () => Promise<GpioHost> = openLinuxGpio,
): Promise<readonly string[]> {
  if (relay.onGatewayDeath !== 'release' || relay.kind === 'latching') return [];
  const names = [...new Set([...relay.pins, ...Object.values(relay.pinsOf).flat()])].filter((line) =>
    /^GPIO\d+$/.test(line),
  );
  if (names.length === 0) return [];
  const host = await openHost();
  for (const name of names) {
    takeLine(host, name, gpioChip, {
      direction: 'output',
      consumer: 'copycat',
      level: relay.activeLow ? 1 : 0,
    }).release();
  }
  return names;
}
