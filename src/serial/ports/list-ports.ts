import { access } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { HOST, type HostFolders } from './host-folders.js';
import type { PortInfo, UsbInfo } from './port-info.js';
import { linkName, namesIn, readValue, whereTo } from './sysfs.js';
import { byIdName, byPathName } from './udev-names.js';

/** The end of a by-path name: bus, place, interface and, with converters, the converter's port. */
const BY_PATH_END = /-usb(?:v\d)?-\d+:(\d+(?:\.\d+)*):\d+\.(\d+)(?:-port(\d+))?$/;

/**
 * The serial ports of this host that have hardware behind them, as the kernel's sysfs shows them: neither udevadm nor the
 * links that udev makes are needed. Links that are there are taken for what they say. Sorted by place, then by name.
 */
export async function listPorts(host: HostFolders = HOST): Promise<PortInfo[]> {
  const byId = await linksIn(join(host.dev, 'serial', 'by-id'));
  const byPath = await linksIn(join(host.dev, 'serial', 'by-path'));
  const ttys = await namesIn(join(host.sys, 'class', 'tty'));
  const seen = await Promise.all(ttys.map((name) => readPort(host, name)));
  const ports = seen.filter((port) => port !== null).map((port) => withLinks(port, byId, byPath));
  const known = new Set(ports.map(({ device }) => device));
  return [...ports, ...linkedOnly(byId, byPath, known)].sort(byPlace);
}

/** As a person counts: 1.2, 1.2.1, 1.10, 2; the host's own last. */
function byPlace(one: PortInfo, other: PortInfo): number {
  if ((one.usb === null) !== (other.usb === null)) return one.usb === null ? 1 : -1;
  const count = (first: string, second: string): number => first.localeCompare(second, 'en', { numeric: true });
  return count(one.usb?.place ?? '', other.usb?.place ?? '') || count(one.name, other.name);
}

async function readPort(host: HostFolders, name: string): Promise<PortInfo | null> {
  const classFolder = join(host.sys, 'class', 'tty', name);
  const sysFolder = await whereTo(join(classFolder, 'device'));
  if (sysFolder === null) return null; // a console or a terminal: nothing is behind it
  const device = join(host.dev, name);
  const usb = await readUsb(sysFolder);
  if (usb === null) {
    // The serial core calls a UART that was never found `unknown`, 0: PCs have four such.
    if (((await readValue(join(classFolder, 'type'))) ?? '0') === '0') return null;
    const driver = await driverOf(sysFolder);
    return { name, device, usb: null, driver, byId: [], byPath: [], sysFolder };
  }
  const derived = await byPathName(usb.interfaceFolder, usb.info);
  return {
    ...{ name, device, usb: usb.info, driver: usb.driver, sysFolder },
    byId: [byIdName(usb.info)],
    byPath: derived === null ? [] : [derived],
  };
}

interface FoundUsb {
  readonly info: UsbInfo;
  readonly interfaceFolder: string;
  readonly driver: string | null;
}

/** Upwards from the port: first the interface (it has the driver), then the device that is plugged in. */
async function readUsb(portFolder: string): Promise<FoundUsb | null> {
  let interfaceFolder: string | null = null;
  for (let folder = portFolder; dirname(folder) !== folder; folder = dirname(folder)) {
    if (await exists(join(folder, 'bInterfaceNumber'))) interfaceFolder = folder;
    const vendor = await readValue(join(folder, 'idVendor'));
    if (vendor === null || interfaceFolder === null) continue;
    const read = (file: string): Promise<string | null> => readValue(join(folder, file));
    const [bus, devpath] = [await read('busnum'), (await read('devpath')) ?? basename(folder).replace(/^\d+-/, '')];
    const converterPort = await readValue(join(portFolder, 'port_number'));
    return {
      interfaceFolder,
      driver: await linkName(join(interfaceFolder, 'driver')),
      info: {
        place: `usb-${devpath}`,
        bus: bus === null ? null : Number(bus),
        vendor: vendor.toLowerCase(),
        product: ((await read('idProduct')) ?? '').toLowerCase(),
        serial: await read('serial'),
        manufacturer: await read('manufacturer'),
        productText: await read('product'),
        interfaceNumber: Number.parseInt((await readValue(join(interfaceFolder, 'bInterfaceNumber'))) ?? '0', 16),
        converterPort: converterPort === null ? null : Number(converterPort),
      },
    };
  }
  return null;
}

/** Since Linux 6.6 a UART's port is a device of its own below the real one, with a driver called `port`. */
async function driverOf(portFolder: string): Promise<string | null> {
  for (let folder = portFolder; dirname(folder) !== folder; folder = dirname(folder)) {
    const isPortOnly = (await linkName(join(folder, 'subsystem'))) === 'serial-base';
    const driver = await linkName(join(folder, 'driver'));
    if (driver !== null && !isPortOnly) return driver;
  }
  return null;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Name of a link → the device it leads to. */
async function linksIn(folder: string): Promise<Map<string, string>> {
  const links = new Map<string, string>();
  for (const name of await namesIn(folder)) {
    const device = await whereTo(join(folder, name));
    if (device !== null) links.set(name, device);
  }
  return links;
}

function withLinks(port: PortInfo, byId: ReadonlyMap<string, string>, byPath: ReadonlyMap<string, string>): PortInfo {
  return {
    ...port,
    byId: [...new Set([...namesOf(byId, port.device), ...port.byId])],
    byPath: [...new Set([...namesOf(byPath, port.device), ...port.byPath])],
  };
}

function namesOf(links: ReadonlyMap<string, string>, device: string): string[] {
  return [...links].filter(([, target]) => target === device).map(([name]) => name);
}

/** A container may have /dev with udev's links and a sysfs that does not show the device: the links tell its place. */
function linkedOnly(
  byId: ReadonlyMap<string, string>,
  byPath: ReadonlyMap<string, string>,
  known: ReadonlySet<string>,
): PortInfo[] {
  const devices = new Set([...byId.values(), ...byPath.values()].filter((device) => !known.has(device)));
  return [...devices].map((device) => {
    const paths = namesOf(byPath, device);
    const [, place, number = '0', port] = paths.map((name) => BY_PATH_END.exec(name)).find((end) => end !== null) ?? [];
    return {
      ...{ name: basename(device), device, driver: null, sysFolder: null },
      ...{ byId: namesOf(byId, device), byPath: paths },
      usb:
        place === undefined
          ? null
          : {
              ...{ place: `usb-${place}`, bus: null, vendor: '', product: '', serial: null },
              ...{ manufacturer: null, productText: null, interfaceNumber: Number(number) },
              converterPort: port === undefined ? null : Number(port),
            },
    };
  });
}
