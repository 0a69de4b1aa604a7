import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import type { HostFolders } from '../../src/serial/ports/host-folders.js';

export interface Plugged {
  /** `ttyACM0` */
  readonly name: string;
  /** Ports from the root hub on: `1.2`. */
  readonly at: string;
  readonly bus?: number;
  readonly vendor?: string;
  readonly product?: string;
  readonly serial?: string;
  readonly manufacturer?: string;
  readonly text?: string;
  readonly driver?: string;
  readonly interfaceNumber?: number;
  /** The port of a converter (ttyUSB): it is a device of its own below the interface. */
  readonly converterPort?: number;
  /** Where /dev/NAME leads to; a plain file without it. */
  readonly device?: string;
  /** Links that udev has made; none without them. */
  readonly byId?: readonly string[];
  readonly byPath?: readonly string[];
}

/** /sys, /dev and /proc of a made host: a Raspberry Pi 4 with its USB controller behind PCI. */
export class HostTree implements HostFolders {
  readonly root = mkdtempSync(join(tmpdir(), 'copycat-host-'));
  readonly sys = join(this.root, 'sys');
  readonly dev = join(this.root, 'dev');
  readonly proc = join(this.root, 'proc');
  readonly #controllers = new Map<number, string>();

  constructor() {
    for (const folder of [join(this.sys, 'class', 'tty'), this.dev, this.proc]) mkdirSync(folder, { recursive: true });
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }

  /** @returns the folder of the port's device, where a converter has its settings */
  plug(plugged: Plugged): string {
    const { name, at, bus = 1, interfaceNumber = 0, converterPort } = plugged;
    const deviceFolder = this.#deviceFolder(bus, at);
    write(deviceFolder, {
      idVendor: plugged.vendor ?? '2341',
      idProduct: plugged.product ?? '0043',
      busnum: String(bus),
      devpath: at,
      serial: plugged.serial,
      manufacturer: plugged.manufacturer,
      product: plugged.text,
    });
    const interfaceFolder = join(deviceFolder, `${bus}-${at}:1.${interfaceNumber}`);
    write(interfaceFolder, { bInterfaceNumber: interfaceNumber.toString(16).padStart(2, '0') });
    this.#link(join(interfaceFolder, 'driver'), join(this.sys, 'bus/usb/drivers', plugged.driver ?? 'cdc_acm'));
    let portFolder = interfaceFolder;
    if (converterPort !== undefined) {
      portFolder = join(interfaceFolder, name);
      write(portFolder, { port_number: String(converterPort) });
    }
    this.#tty(name, portFolder);
    if (plugged.device === undefined) writeFileSync(join(this.dev, name), '');
    else symlinkSync(plugged.device, join(this.dev, name));
    this.links('by-id', name, plugged.byId ?? []);
    this.links('by-path', name, plugged.byPath ?? []);
    return portFolder;
  }

  unplug(name: string): void {
    rmSync(join(this.dev, name));
    const link = join(this.sys, 'class', 'tty', name);
    rmSync(realpathSync(link), { recursive: true });
    rmSync(link);
  }

  links(folder: 'by-id' | 'by-path', name: string, links: readonly string[]): void {
    if (links.length > 0) mkdirSync(join(this.dev, 'serial', folder), { recursive: true });
    for (const link of links) symlinkSync(join('..', '..', name), join(this.dev, 'serial', folder, link));
  }

  /** A UART of the host; `type` as the serial core numbers them, 0 for one that was never found. */
  uart(name: string, type: number, driver: string): void {
    const folder = join(this.sys, 'devices/platform/soc', `uart-${name}`);
    this.#link(join(folder, 'driver'), join(this.sys, 'bus/amba/drivers', driver));
    // Since Linux 6.6: a port of the serial core between the UART and its tty.
    const port = join(folder, `${name}:0.0`);
    this.#link(join(port, 'subsystem'), join(this.sys, 'bus/serial-base'));
    this.#link(join(port, 'driver'), join(this.sys, 'bus/serial-base/drivers/port'));
    this.#tty(name, port);
    write(join(port, 'tty', name), { type: String(type) });
    writeFileSync(join(this.dev, name), '');
  }

  /** A tty with nothing behind it. */
  console(name: string): void {
    mkdirSync(join(this.sys, 'class', 'tty', name));
    writeFileSync(join(this.dev, name), '');
  }

  process(pid: number, name: string, open: readonly string[]): void {
    const folder = join(this.proc, String(pid), 'fd');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(this.proc, String(pid), 'comm'), `${name}\n`);
    for (const [number, path] of open.entries()) symlinkSync(path, join(folder, String(number + 3)));
  }

  #tty(name: string, portFolder: string): void {
    const folder = join(portFolder, 'tty', name);
    mkdirSync(folder, { recursive: true });
    symlinkSync(relative(folder, portFolder), join(folder, 'device'));
    symlinkSync(folder, join(this.sys, 'class', 'tty', name));
  }

  #deviceFolder(bus: number, at: string): string {
    const ports = at.split('.');
    const way = ports.map((_, index) => `${bus}-${ports.slice(0, index + 1).join('.')}`);
    const folder = join(this.#controller(bus), ...way);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  #controller(bus: number): string {
    const known = this.#controllers.get(bus);
    if (known !== undefined) return known;
    const platform = join(this.sys, 'devices/platform/scb/fd500000.pcie');
    const pci = join(platform, 'pci0000:00/0000:00:00.0', `0000:0${bus}:00.0`);
    mkdirSync(pci, { recursive: true });
    if (this.#controllers.size === 0) {
      this.#link(join(dirname(platform), 'subsystem'), join(this.sys, 'bus/platform'));
      this.#link(join(platform, 'subsystem'), join(this.sys, 'bus/platform'));
      this.#link(join(dirname(pci), 'subsystem'), join(this.sys, 'bus/pci'));
    }
    this.#link(join(pci, 'subsystem'), join(this.sys, 'bus/pci'));
    this.#controllers.set(bus, join(pci, `usb${bus}`));
    return join(pci, `usb${bus}`);
  }

  #link(path: string, target: string): void {
    mkdirSync(target, { recursive: true });
    mkdirSync(dirname(path), { recursive: true });
    rmSync(path, { force: true });
    symlinkSync(join(relative(dirname(path), dirname(target)), basename(target)), path);
  }
}

function write(folder: string, values: Readonly<Record<string, string | undefined>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [file, value] of Object.entries(values)) {
    if (value !== undefined) writeFileSync(join(folder, file), `${value}\n`);
  }
}
