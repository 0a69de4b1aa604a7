import { basename } from 'node:path';
import type { Config } from '../../../config/config.js';
import { type DoctorFinding, mend, note, right } from '../../doctor-finding.js';
import { boardDevices } from '../../machine/board-devices.js';
import { runningAs } from '../../machine/holders.js';
import type { Machine } from '../../machine/machine.js';
import { localRules } from '../../machine/udev-files.js';
import { type UsbSerial, usbSerialPorts } from '../../machine/usb-serial.js';

const ABOUT = 'ModemManager';
const REMOVE = ['sudo systemctl disable --now ModemManager'];

/**
 * ModemManager opens serial ports to look for modems: it sends AT commands, holds the port for about ten seconds and so
 * resets a board, some for ever. A rule of udev tells it to leave a board alone.
 */
export function checkModemManager(machine: Machine, config: Config | null): readonly DoctorFinding[] {
  const [running] = runningAs(machine, 'ModemManager');
  if (running === undefined) return [right(ABOUT, 'is not running')];
  const arguments_ = (machine.readFile(`/proc/${running.pid}/cmdline`) ?? '').replaceAll('\0', ' ');
  // Strict opens nothing it does not know; the other policies ask whatever is not on their list.
  const policy = /--filter-policy[= ](\S+)/.exec(arguments_)?.[1]?.toLowerCase() ?? 'strict';
  const boards = boardsOf(machine, config);
  if (boards.length === 0) return [note(ABOUT, 'runs; no board is plugged in that it could take')];
  const rules = localRules(machine);
  const wanted = rules.filter((rule) => rule.includes('ID_MM_DEVICE_PROCESS}="1"'));
  // A mark that it is to be asked outweighs every other; without one this policy asks nothing.
  const isAsked = (board: UsbSerial): boolean => wanted.some((rule) => ruleFits(rule, board));
  if (/^(allow|white)list-only$/.test(policy) && !boards.some(isAsked)) {
    return [right(ABOUT, `runs, and asks none of the boards (filter policy ${policy})`)];
  }
  // ModemManager heeds this mark under every policy since 1.12; Debian has had a newer one since bullseye.
  const unwanted = rules.filter((rule) => /ID_MM_(DEVICE|PORT)_IGNORE\}="1"/.test(rule));
  const open = boards.filter((board) => isAsked(board) || !unwanted.some((rule) => ruleFits(rule, board)));
  if (open.length === 0) return [right(ABOUT, 'runs, and a rule of udev keeps it off the boards')];
  const names = open.map(({ tty, vendor, product }) => `${tty} (${vendor}:${product})`).join(' and ');
  return [
    mend(
      ABOUT,
      `runs (filter policy ${policy}) and no rule of udev keeps it off ${names}: it may open the port and send AT commands` +
        '; where it knows the maker it asks whatever the policy says',
      'let copycat service install write the rule, or turn ModemManager off where there is no modem',
      REMOVE,
    ),
  ];
}

function boardsOf(machine: Machine, config: Config | null): readonly UsbSerial[] {
  if (config === null) return usbSerialPorts(machine);
  return boardDevices(machine, config).flatMap(({ usb }) => (usb === null ? [] : [usb]));
}

/** What a rule asks of place, vendor, product and serial number is so for this board; one that asks for none is for all. */
function ruleFits(rule: string, { vendor, product, serial, usbFolder, tty }: UsbSerial): boolean {
  const asked = (key: string): string | undefined => new RegExp(`(?:^|[ ,])${key}=="([^"]*)"`).exec(rule)?.[1];
  return (
    fits(asked('ATTRS?\\{idVendor\\}'), vendor) &&
    fits(asked('ATTRS?\\{idProduct\\}'), product) &&
    fits(asked('ATTRS?\\{serial\\}'), serial ?? '') &&
    fits(asked('KERNELS'), basename(usbFolder)) &&
    (fits(asked('KERNEL'), basename(usbFolder)) || fits(asked('KERNEL'), tty))
  );
}

/** A pattern of udev: `*`, `?`, `[…]` as in a shell, `|` between alternatives. */
function fits(pattern: string | undefined, value: string): boolean {
  if (pattern === undefined) return true;
  const source = pattern
    .replace(/[.+^$(){}\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^(?:${source})$`, 'i').test(value);
}
