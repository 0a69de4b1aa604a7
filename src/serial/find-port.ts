import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { CopycatError } from '../errors/copycat-error.js';

/** `usb-1.2`: the board in port 2 of the hub in port 1, whatever name the system gave it this time. */
const USB_PLACE = /^usb-(\d+(?:[.-]\d+)*)$/;
/** The end of a by-path name: bus, place, interface and, with converters, the converter's port. */
const BY_PATH_END = /-usb(?:v\d)?-\d+:(\d+(?:\.\d+)*):\d+\.(\d+)(?:-port(\d+))?$/;

export interface FindPortOptions {
  /** Where device files are; /dev. */
  readonly devFolder?: string;
}

/**
 * The path to open for a configured port: a path as it is, `usb-1.2` by the place it is plugged in, a name in
 * /dev/serial/by-id, or a device name such as ttyACM0. Rejects with PORT_UNAVAILABLE that says what there is.
 * Ask again for every opening: the answer changes when a board is plugged in elsewhere.
 */
export async function findPort(port: string, options: FindPortOptions = {}): Promise<string> {
  if (port.includes('/')) return port;
  const dev = options.devFolder ?? '/dev';
  const byPath = await namesIn(join(dev, 'serial', 'by-path'));
  const place = USB_PLACE.exec(port)?.[1]?.replaceAll('-', '.');
  if (place !== undefined) return await findPlace(port, place, join(dev, 'serial', 'by-path'), byPath);

  const byId = await namesIn(join(dev, 'serial', 'by-id'));
  if (byId.includes(port)) return join(dev, 'serial', 'by-id', port);
  if (byPath.includes(port)) return join(dev, 'serial', 'by-path', port);
  const devices = (await namesIn(dev)).filter((name) => /^tty(ACM|USB|AMA|S)\d+$/.test(name));
  if (devices.includes(port)) return join(dev, port);
  throw new CopycatError('PORT_UNAVAILABLE', `no serial port is called ${port}; ${thereIs([...byId, ...byPath])}`, {
    value: port,
    expected: 'a path such as /dev/ttyACM0, a place such as usb-1.2, or a name in /dev/serial/by-id',
  });
}

async function findPlace(port: string, place: string, folder: string, names: readonly string[]): Promise<string> {
  const matches = names.filter((name) => BY_PATH_END.exec(name)?.[1] === place).sort(byInterface);
  const devices = new Map<string, string>();
  for (const name of matches.filter((name) => byInterface(name, matches[0] ?? name) === 0)) {
    const path = join(folder, name);
    // udev may name one device twice (usb- and usbv2-): that is not an ambiguity.
    const device = await realpath(path).catch(() => path);
    if (!devices.has(device)) devices.set(device, path);
  }
  const [first, ...others] = devices.values();
  if (first === undefined) {
    throw new CopycatError('PORT_UNAVAILABLE', `nothing is plugged in at ${port}; ${thereIs(places(names))}`, {
      value: port,
      expected: `a board at USB port ${place} (looked for *-usb-0:${place}:1.0* in ${folder})`,
    });
  }
  if (others.length > 0) {
    throw new CopycatError('PORT_UNAVAILABLE', `${port} is there on ${devices.size} USB controllers`, {
      value: port,
      expected: `one of ${[first, ...others].join(', ')}`,
    });
  }
  return first;
}

/** A board with several interfaces talks on its first. */
function byInterface(one: string, other: string): number {
  const [, , oneInterface = '0', onePort = '0'] = BY_PATH_END.exec(one) ?? [];
  const [, , otherInterface = '0', otherPort = '0'] = BY_PATH_END.exec(other) ?? [];
  return Number(oneInterface) - Number(otherInterface) || Number(onePort) - Number(otherPort);
}

function places(names: readonly string[]): string[] {
  const found = names.flatMap((name) => BY_PATH_END.exec(name)?.[1] ?? []);
  return [...new Set(found)].map((place) => `usb-${place}`);
}

function thereIs(names: readonly string[]): string {
  return names.length === 0 ? 'there is no USB serial port at all' : `there is: ${names.slice(0, 16).join(', ')}`;
}

async function namesIn(folder: string): Promise<string[]> {
  // The folder exists only while something is plugged in.
  return await readdir(folder).catch(() => []);
}
