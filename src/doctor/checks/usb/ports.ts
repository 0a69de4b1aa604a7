import { isProgramOfHost } from '../../../config/board-facts.js';
import type { Config } from '../../../config/config.js';
import { type DoctorFinding, mend, note, right } from '../../doctor-finding.js';
import { boardDevices } from '../../machine/board-devices.js';
import { holdersOf } from '../../machine/holders.js';
import type { Machine } from '../../machine/machine.js';
import { type UsbSerial, usbSerialPorts } from '../../machine/usb-serial.js';

/** Whether each board is where the configuration says, and who has its port open. */
export function checkPorts(machine: Machine, config: Config | null): readonly DoctorFinding[] {
  const ports = usbSerialPorts(machine);
  const there = ports.length === 0 ? 'no USB serial port at all' : ports.map(portText).join(', ');
  if (config === null) return [note('serial ports', there)];
  const devices = boardDevices(machine, config);
  if (devices.length === 0) return [right('serial ports', 'the boards are emulated: none is needed')];
  const findings = devices.map(({ board, named, path, usb }) => {
    const about = `serial port of ${board}`;
    if (path === null) {
      return mend(
        about,
        `nothing is plugged in at ${named}; there is ${there}`,
        'plug the board in there, or name the port that it has: copycat ports shows them',
      );
    }
    // Who holds the terminal of a board that is a process is that board.
    if (config.boards.some((one) => one.board === board && isProgramOfHost(one.facts))) {
      return right(about, `${path}, the terminal of a board that is a program`);
    }
    const others = holdersOf(machine, path).filter(
      ({ program }) => !/^(node|copycat|(node-)?MainThread)$/.test(program),
    );
    const [other] = others;
    if (other !== undefined) {
      const names = others.map(({ pid, program }) => `${program} (process ${pid})`).join(' and ');
      return mend(about, `${path} is held by ${names}`, `end ${other.program}, and keep it from starting again`, [
        `sudo kill ${other.pid}`,
      ]);
    }
    return right(about, `${path}${usb === null ? '' : `, ${portText(usb)}`}, ${holderText(machine, path)}`);
  });
  const twice = devices.find(({ path }, index) =>
    devices.some((other, before) => before < index && path !== null && other.path === path),
  );
  if (twice !== undefined) {
    findings.push(
      mend('serial ports', `${twice.path} is the port of two boards`, 'name a port for each: copycat ports shows them'),
    );
  }
  return findings;
}

function holderText(machine: Machine, path: string): string {
  if (holdersOf(machine, path).length > 0) return 'open in a gateway';
  return machine.user.uid === 0 ? 'free' : 'not held by a program of this user (root would see the others)';
}

function portText({ tty, place, vendor, product, serial }: UsbSerial): string {
  return `${tty} at usb-${place} (${vendor}:${product}${serial === null ? ', no serial number' : `, ${serial}`})`;
}
