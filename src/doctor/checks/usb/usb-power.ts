import type { Config } from '../../../config/config.js';
import { type DoctorFinding, mend, right } from '../../doctor-finding.js';
import { boardDevices } from '../../machine/board-devices.js';
import type { Machine } from '../../machine/machine.js';
import { word } from '../../machine/usb-serial.js';

/** Whether the kernel may put a board's USB chip to sleep: waking costs milliseconds, and some chips do not wake. */
export function checkUsbPower(machine: Machine, config: Config | null): readonly DoctorFinding[] {
  if (config === null) return [];
  return boardDevices(machine, config).flatMap(({ board, usb }) => {
    if (usb === null) return [];
    const about = `USB sleep of ${board}`;
    const file = `${usb.usbFolder}/power/control`;
    if (word(machine, file) !== 'auto') return [right(about, 'never')];
    return [
      mend(
        about,
        `the kernel may suspend it${delayText(word(machine, `${usb.usbFolder}/power/autosuspend_delay_ms`))}`,
        'keep it awake; copycat service install writes a rule that does it at every plug',
        [`echo on | sudo tee ${file}`],
      ),
    ];
  });
}

function delayText(delayMs: string | null): string {
  return delayMs === null ? '' : ` after ${delayMs} ms without traffic`;
}
