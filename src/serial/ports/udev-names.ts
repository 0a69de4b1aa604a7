import { basename, dirname, join } from 'node:path';
import type { UsbInfo } from './port-info.js';
import { linkName } from './sysfs.js';

/** What udev lets through in a name besides letters and digits (systemd's device-nodes.c). */
const UNSAFE = /[^0-9A-Za-z#+\-.:=@_]/g;

/**
 * The name in /dev/serial/by-id that udev's 60-serial.rules would give: `usb-Arduino__www.arduino.cc__0043_7583-if00`.
 * Vendor and product by their numbers where the board has no texts.
 */
export function byIdName(usb: UsbInfo): string {
  const { manufacturer, vendor, productText, product, serial, interfaceNumber, converterPort } = usb;
  const words = [
    safe(manufacturer ?? vendor),
    safe(productText ?? product),
    ...(serial === null ? [] : [safe(serial)]),
  ];
  const number = interfaceNumber.toString(16).padStart(2, '0');
  return `usb-${words.join('_')}-if${number}${converterPort === null ? '' : `-port${converterPort}`}`;
}

/**
 * The name in /dev/serial/by-path: the way from the controller to the interface. Null when the way is of a sort that is not
 * known here.
 * @param interfaceFolder real folder of the USB interface, such as …/usb1/1-1/1-1.2/1-1.2:1.0
 */
export async function byPathName(interfaceFolder: string, usb: UsbInfo): Promise<string | null> {
  const way = basename(interfaceFolder).replace(/^\d+-/, '');
  let folder = interfaceFolder;
  while (!/^usb\d+$/.test(basename(folder))) {
    if (dirname(folder) === folder) return null;
    folder = dirname(folder);
  }
  const controllers: string[] = [];
  let before = '';
  for (folder = dirname(folder); dirname(folder) !== folder; folder = dirname(folder)) {
    const subsystem = await linkName(join(folder, 'subsystem'));
    // Of several in a row (bridges, buses in buses) udev names the one nearest to the device.
    if (subsystem === before) continue;
    if (subsystem === 'pci' || subsystem === 'platform') controllers.unshift(`${subsystem}-${basename(folder)}`);
    before = subsystem ?? '';
  }
  if (controllers.length === 0) return null;
  const port = usb.converterPort === null ? '' : `-port${usb.converterPort}`;
  return `${controllers.join('-')}-usb-0:${way}${port}`;
}

/** Newer versions of udev make a second name that tells the speed: `usbv2`. The place is the same. */
export function withoutUsbVersion(byPath: string): string {
  return byPath.replace(/-usbv\d-/, '-usb-');
}

function safe(text: string): string {
  return text.trim().replace(/\s+/g, '_').replace(UNSAFE, '_');
}
