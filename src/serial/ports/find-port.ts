import { join } from 'node:path';
import { describePort } from './describe-port.js';
import { HOST, type HostFolders } from './host-folders.js';
import { listPorts } from './list-ports.js';
import { PortError } from './port-error.js';
import type { PortInfo } from './port-info.js';
import { namesIn, whereTo } from './sysfs.js';
import { withoutUsbVersion } from './udev-names.js';

/** Port 2 of the hub in port 1, whatever name the system gave it this time. */
const USB_PLACE = /^usb-(\d+(?:[.-]\d+)*)$/;
const MOST_NAMED = 16;

/** What has to be plugged in there; in small letters. */
export interface PortIdentity {
  readonly vendor: string | null;
  readonly product: string | null;
  readonly serial: string | null;
}

export interface PortWish {
  /** A path, `usb-1.2`, or a name in by-id, by-path or /dev; null: wherever a board with this identity is. */
  readonly port: string | null;
  readonly match: PortIdentity | null;
}

export interface LocatedPort {
  /** What to open. */
  readonly path: string;
  /** Null: a path of which the host tells nothing (a pseudo-terminal, a link of somebody's own). */
  readonly info: PortInfo | null;
}

/**
 * The path to open for a configured port: a path as it is, `usb-1.2` by the place it is plugged in, a name in
 * /dev/serial/by-id or by-path whether udev has made that link or not, or a device name such as ttyACM0. Rejects with a
 * PortError that says what there is. Ask again for every opening: the answer changes when a board is plugged in elsewhere.
 */
export async function findPort(port: string, host: HostFolders = HOST): Promise<string> {
  return (await locatePort({ port, match: null }, host)).path;
}

/** The same, by what is plugged in there too. A board that is not the one in `match` is not touched: `wrong-board`. */
export async function locatePort({ port, match }: PortWish, host: HostFolders = HOST): Promise<LocatedPort> {
  const ports = await listPorts(host);
  if (port === null) return located(onlyOf(mainPorts(ports.filter(fits(match))), ports, match));
  const found = await byName(port, ports, host);
  if (match === null) return found;
  if (found.info !== null && fits(match)(found.info)) return found;
  const there = found.info === null ? 'something the system tells nothing of' : describePort(found.info);
  const elsewhere = ports.filter(fits(match)).map(nameOf);
  throw new PortError('wrong-board', `wrong board in the socket: at ${port} is ${there}`, {
    value: port,
    expected: `plug in ${describeIdentity(match)}${elsewhere.length === 0 ? '' : `, which is at ${elsewhere.join(', ')}; swap the plugs`}, or correct match`,
  });
}

async function byName(port: string, ports: readonly PortInfo[], host: HostFolders): Promise<LocatedPort> {
  if (port.includes('/')) {
    const device = await whereTo(port);
    return { path: port, info: ports.find((one) => one.device === device) ?? null };
  }
  const place = USB_PLACE.exec(port)?.[1]?.replaceAll('-', '.');
  if (place !== undefined) return located(atPlace(port, place, ports));
  const name = withoutUsbVersion(port);
  const named = ports.filter((one) => one.byId.includes(port) || one.byPath.map(withoutUsbVersion).includes(name));
  const [first, ...others] = named;
  if (first !== undefined && others.length > 0) throw several(port, named);
  const info = first ?? ports.find((one) => one.name === port);
  if (info !== undefined) return located(info);
  // A port without hardware that sysfs shows, made by somebody for this purpose.
  const devices = (await namesIn(host.dev)).filter((one) => /^tty[A-Z]+\d+$/.test(one));
  if (devices.includes(port)) return { path: join(host.dev, port), info: null };
  throw new PortError('not-there', `no serial port is called ${port}; ${thereIs(ports)}`, {
    value: port,
    expected: 'name a path such as /dev/ttyACM0, a place such as usb-1.2, or a name in /dev/serial/by-id',
  });
}

function atPlace(port: string, place: string, ports: readonly PortInfo[]): PortInfo {
  const main = mainPorts(ports.filter(({ usb }) => usb?.place === `usb-${place}`));
  const [first, ...others] = main;
  if (first === undefined) {
    throw new PortError('not-there', `nothing is plugged in at ${port}; ${thereIs(ports)}`, {
      value: port,
      expected: `plug the board in there, or see copycat ports for where it is`,
    });
  }
  if (others.length === 0) return first;
  const names = main.map((one) => one.byPath[0] ?? one.device);
  throw new PortError('several-match', `${port} is there on ${main.length} USB controllers`, {
    value: port,
    expected: `name one of ${names.join(', ')}`,
  });
}

/** A board with several interfaces talks on its first: one port for each thing that is plugged in. */
function mainPorts(ports: readonly PortInfo[]): PortInfo[] {
  return ports.filter((port) => !ports.some((other) => isSamePlug(port, other) && comesBefore(other, port)));
}

function isSamePlug({ usb: one }: PortInfo, { usb: other }: PortInfo): boolean {
  return one !== null && other !== null && one.place === other.place && one.bus === other.bus;
}

function comesBefore({ usb: one }: PortInfo, { usb: other }: PortInfo): boolean {
  const [first, second] = [one?.interfaceNumber ?? 0, other?.interfaceNumber ?? 0];
  if (first !== second) return first < second;
  return (one?.converterPort ?? 0) < (other?.converterPort ?? 0);
}

function onlyOf(found: readonly PortInfo[], ports: readonly PortInfo[], match: PortIdentity | null): PortInfo {
  const wanted = match === null ? 'any board' : describeIdentity(match);
  const [first, ...others] = found;
  if (first === undefined) {
    throw new PortError('not-there', `no board with ${wanted} is plugged in; ${thereIs(ports)}`, {
      value: wanted,
      expected: 'plug it in, or correct match: copycat ports shows what each board says of itself',
    });
  }
  if (others.length > 0) throw several(wanted, found);
  return first;
}

function several(wanted: string, found: readonly PortInfo[]): PortError {
  return new PortError('several-match', `${found.length} boards are called ${wanted}`, {
    value: wanted,
    expected: `name port: ${found.map(nameOf).join(' or port: ')} (by place, as they cannot be told apart otherwise)`,
  });
}

function fits(match: PortIdentity | null): (port: PortInfo) => boolean {
  return ({ usb }) => {
    if (usb === null) return false;
    const { vendor = null, product = null, serial = null } = match ?? {};
    const same = (wanted: string | null, is: string | null): boolean =>
      wanted === null || wanted.toLowerCase() === is?.toLowerCase();
    return same(vendor, usb.vendor) && same(product, usb.product) && same(serial, usb.serial);
  };
}

function describeIdentity({ vendor, product, serial }: PortIdentity): string {
  const parts = [
    ...(vendor === null ? [] : [`vendor ${vendor}`]),
    ...(product === null ? [] : [`product ${product}`]),
    ...(serial === null ? [] : [`serial ${serial}`]),
  ];
  return parts.join(', ');
}

function located(info: PortInfo): LocatedPort {
  return { path: info.device, info };
}

function nameOf({ usb, name }: PortInfo): string {
  return usb?.place ?? name;
}

function thereIs(ports: readonly PortInfo[]): string {
  const usb = ports.filter((port) => port.usb !== null);
  if (usb.length === 0) return 'there is no USB serial port at all';
  const names = [...new Set(usb.map((port) => `${nameOf(port)} (${describePort(port)})`))];
  return `there is: ${names.slice(0, MOST_NAMED).join(', ')}`;
}
