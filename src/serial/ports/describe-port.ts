import { chipName } from './known-chips.js';
import type { PortInfo } from './port-info.js';

/** What is plugged in, in a few words: `Arduino Uno R3 (2341:0043)`. */
export function describePort({ usb, driver, name }: PortInfo): string {
  if (usb === null) return `${name}, a UART of this host${driver === null ? '' : ` (${driver})`}`;
  const { vendor, product, productText, manufacturer } = usb;
  if (vendor === '') return name;
  const known = chipName(vendor, product);
  const text = known ?? ([manufacturer, productText].filter((word) => word !== null).join(' ') || 'unknown');
  return `${text} (${vendor}:${product})`;
}
