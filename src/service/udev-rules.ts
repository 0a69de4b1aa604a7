import type { BoardConfig, Config } from '../config/config.js';
import { instanceName } from '../config/instance-name.js';
import { boardDevices } from '../doctor/machine/board-devices.js';
import { linesOf } from '../doctor/machine/gpio-lines.js';
import type { Machine } from '../doctor/machine/machine.js';
import { MARK } from './service-plan.js';

export interface UdevRules {
  /** Null: nothing needs a rule. */
  readonly text: string | null;
  /** Boards that no rule could be made for, and why. */
  readonly notes: readonly string[];
}

/** What tells a board from all other devices of USB, for the rules of udev. */
interface Known {
  /** Of the device itself. */
  readonly device: string;
  /** Of what hangs below it. */
  readonly below: string;
  readonly name: string;
}

/**
 * Rules for the boards of one pair and no other device: a modem with the same serial chip stays a modem. 70 is before
 * ModemManager's own (77) and after the names by place (60).
 */
export function udevRules(machine: Machine, config: Config): UdevRules {
  const named: Pick<BoardConfig, 'board' | 'port' | 'match'>[] = [...config.boards];
  if (config.firmata !== null) named.push({ board: 'firmata', port: config.firmata.port, match: null });
  const notes: string[] = [];
  const groups = named.flatMap((board) => {
    if (board.port.type === 'emulated') return [];
    const known = knownBy(machine, config, board);
    if (known !== null) return [rulesFor(known, board.board, instanceName(config.name))];
    notes.push(
      `no rule for board ${board.board}: its port names no place, and it is not plugged in; plug it in and install again, or say port: usb-…`,
    );
    return [];
  });
  const gpio = linesOf(config).length === 0 ? [] : [GPIO_RULE];
  if (groups.length + gpio.length === 0) return { text: null, notes };
  const head = `${MARK} for the pair ${config.name.replace(/\s+/g, ' ')}`;
  return { text: `${[head, ...groups, ...gpio].join('\n\n')}\n`, notes };
}

const GPIO_RULE = `# Raspberry Pi OS has this rule already; Debian does not.
SUBSYSTEM=="gpio", KERNEL=="gpiochip*", GROUP="gpio", MODE="0660"`;

function rulesFor({ device, below, name }: Known, board: string, pair: string): string {
  return `# board ${board}, ${name}: no modem is looked for in it, and it is never put to sleep
SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ${device}, ENV{ID_MM_DEVICE_IGNORE}="1", TEST=="power/control", ATTR{power/control}="on"
# its port: who may open it, and a name that says which board it is
SUBSYSTEM=="tty", SUBSYSTEMS=="usb", ${below}, GROUP="dialout", MODE="0660", ENV{ID_MM_DEVICE_IGNORE}="1", ENV{ID_MM_PORT_IGNORE}="1", SYMLINK+="copycat/${pair}-${board}"
# an FTDI chip passes on what it has after 1 ms and not after 16; the gateway may tell it where a frame ends
SUBSYSTEM=="usb-serial", DRIVER=="ftdi_sio", SUBSYSTEMS=="usb", ${below}, ATTR{latency_timer}="1", RUN+="/bin/chgrp dialout /sys%p/event_char /sys%p/latency_timer", RUN+="/bin/chmod g+w /sys%p/event_char /sys%p/latency_timer"`;
}

function knownBy(
  machine: Machine,
  config: Config,
  { board, port, match }: Pick<BoardConfig, 'board' | 'port' | 'match'>,
): Known | null {
  if (port.type === 'usb') return byPlace(port.place.replace(/^usb-/, '').replaceAll('-', '.'));
  if (port.type === 'match') {
    const asked = Object.entries({ idVendor: match?.vendor, idProduct: match?.product, serial: match?.serial }).flatMap(
      ([key, value]) => (typeof value === 'string' && isPlain(value) ? [{ key, value }] : []),
    );
    if (asked.length === 0) return null;
    return {
      device: asked.map(({ key, value }) => `ATTR{${key}}=="${value}"`).join(', '),
      below: asked.map(({ key, value }) => `ATTRS{${key}}=="${value}"`).join(', '),
      name: asked.map(({ key, value }) => `${key} ${value}`).join(', '),
    };
  }
  const { usb } = boardDevices(machine, config).find((one) => one.board === board) ?? { usb: null };
  return usb === null ? null : byPlace(usb.place);
}

/** Whatever the number of the bus: it depends on the order in which controllers are found. */
function byPlace(place: string): Known {
  return { device: `KERNEL=="[0-9]*-${place}"`, below: `KERNELS=="[0-9]*-${place}"`, name: `usb-${place}` };
}

/** Nothing that means something in a rule. */
function isPlain(value: string): boolean {
  return /^[\w.:-]+$/.test(value);
}
