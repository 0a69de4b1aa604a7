import { basename, dirname } from 'node:path';
import type { Machine } from './machine.js';

/** A serial port on USB, as sysfs tells of it. */
export interface UsbSerial {
  /** `ttyACM0` */
  readonly tty: string;
  /** `1.2`: ports from the root hub on, as in `usb-1.2`. */
  readonly place: string;
  readonly vendor: string;
  readonly product: string;
  readonly serial: string | null;
  /** `cdc_acm`, `ftdi_sio`, `ch341-uart`, …; empty when none is bound. */
  readonly driver: string;
  /** The folder of the USB device in sysfs. */
  readonly usbFolder: string;
  /** The folder of the port itself, where a driver keeps its own settings. */
  readonly portFolder: string;
}

const CLASS = '/sys/class/tty';

/** All of them, by name. */
export function usbSerialPorts(machine: Machine): readonly UsbSerial[] {
  return machine
    .list(CLASS)
    .filter((name) => /^tty(ACM|USB)\d+$/.test(name))
    .sort()
    .flatMap((tty) => {
      const portFolder = machine.resolve(`${CLASS}/${tty}/device`);
      const usbFolder = portFolder === null ? null : usbDeviceOf(machine, portFolder);
      if (portFolder === null || usbFolder === null) return [];
      return [
        {
          ...{ tty, usbFolder, portFolder },
          place: basename(usbFolder).replace(/^\d+-/, ''),
          vendor: word(machine, `${usbFolder}/idVendor`) ?? '',
          product: word(machine, `${usbFolder}/idProduct`) ?? '',
          serial: word(machine, `${usbFolder}/serial`),
          driver: basename(machine.resolve(`${portFolder}/driver`) ?? ''),
        },
      ];
    });
}

/** A line of a file without its end; null when there is none. */
export function word(machine: Machine, path: string): string | null {
  const text = machine.readFile(path)?.trim() ?? '';
  return text === '' ? null : text;
}

/** Upwards from an interface to the device that it belongs to. */
function usbDeviceOf(machine: Machine, folder: string): string | null {
  for (let at = folder; at.startsWith('/sys/') && dirname(at) !== at; at = dirname(at)) {
    if (machine.stat(`${at}/idVendor`) !== null) return at;
  }
  return null;
}
