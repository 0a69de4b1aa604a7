import { basename } from 'node:path';
import type { BoardConfig, Config, PortConfig, PortMatch } from '../../config/config.js';
import type { Machine } from './machine.js';
import { type UsbSerial, usbSerialPorts } from './usb-serial.js';

/** What a configured board's port is at this moment. */
export interface BoardDevice {
  readonly board: string;
  /** As the configuration names it, for people. */
  readonly named: string;
  /** `/dev/ttyACM0`; null: nothing is there. */
  readonly path: string | null;
  /** Null for a port that is none of USB's. */
  readonly usb: UsbSerial | null;
}

/** The boards of the pair and the relay's Firmata board, without emulated ones. */
export function boardDevices(machine: Machine, config: Config): readonly BoardDevice[] {
  const ports = usbSerialPorts(machine);
  const named: Pick<BoardConfig, 'board' | 'port' | 'match'>[] = [...config.boards];
  if (config.firmata !== null) named.push({ board: 'firmata', port: config.firmata.port, match: null });
  return named.flatMap(({ board, port, match }) => find(machine, ports, board, port, match) ?? []);
}

/** Null for an emulated board. */
function find(
  machine: Machine,
  ports: readonly UsbSerial[],
  board: string,
  port: PortConfig,
  match: PortMatch | null,
): BoardDevice | null {
  switch (port.type) {
    case 'emulated':
      return null;
    case 'usb': {
      const place = port.place.replace(/^usb-/, '').replaceAll('-', '.');
      return ofUsb(board, `usb-${place}`, ports.find((one) => one.place === place) ?? null);
    }
    case 'match': {
      const asked = (['vendor', 'product', 'serial'] as const).flatMap((key) => {
        const value = match?.[key] ?? null;
        return value === null ? [] : [{ key, value }];
      });
      const found = ports.find((one) =>
        asked.every(({ key, value }) => one[key]?.toLowerCase() === value.toLowerCase()),
      );
      return ofUsb(board, asked.map(({ key, value }) => `${key} ${value}`).join(', '), found ?? null);
    }
    case 'path':
      return ofPath(machine, ports, board, port.path, [port.path]);
    case 'name': {
      const folders = ['/dev/serial/by-id', '/dev/serial/by-path', '/dev'];
      const candidates = folders.map((folder) => `${folder}/${port.name}`);
      return ofPath(machine, ports, board, port.name, candidates);
    }
  }
}

function ofUsb(board: string, named: string, usb: UsbSerial | null): BoardDevice {
  return { board, named, usb, path: usb === null ? null : `/dev/${usb.tty}` };
}

function ofPath(
  machine: Machine,
  ports: readonly UsbSerial[],
  board: string,
  named: string,
  candidates: readonly string[],
): BoardDevice {
  const path = candidates.map((candidate) => machine.resolve(candidate)).find((found) => found !== null) ?? null;
  return { board, named, path, usb: ports.find(({ tty }) => path !== null && tty === basename(path)) ?? null };
}
