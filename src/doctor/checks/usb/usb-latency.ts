import type { Config } from '../../../config/config.js';
import { type DoctorFinding, mend, note, right } from '../../doctor-finding.js';
import { boardDevices } from '../../machine/board-devices.js';
import type { Machine } from '../../machine/machine.js';
import { type UsbSerial, word } from '../../machine/usb-serial.js';

/** The driver's own setting when nobody has changed it (ftdi_sio.c). */
const FTDI_DEFAULT_MS = 16;

/** How long the USB chip of each board waits for more bytes before it passes on what it has. */
export function checkUsbLatency(machine: Machine, config: Config | null): readonly DoctorFinding[] {
  if (config === null) return [];
  return boardDevices(machine, config).flatMap(({ board, usb }) =>
    usb === null ? [] : [latencyOf(machine, board, usb)],
  );
}

function latencyOf(machine: Machine, board: string, usb: UsbSerial): DoctorFinding {
  const about = `USB latency of ${board}`;
  if (usb.driver !== 'ftdi_sio') return right(about, fixedText(usb));
  const ms = Number(word(machine, `${usb.portFolder}/latency_timer`) ?? Number.NaN);
  if (Number.isNaN(ms)) return note(about, 'the latency timer of the FTDI chip cannot be read');
  if (ms <= 1) {
    return right(
      about,
      `FTDI latency timer 1 ms: an answer comes up to ${FTDI_DEFAULT_MS - 1} ms sooner than as delivered`,
    );
  }
  return mend(
    about,
    `FTDI latency timer ${ms} ms: each answer may lie so long in the chip, twice for each input`,
    `set it to 1 ms, which gains up to ${ms - 1} ms an answer; copycat service install writes a rule that does it at every plug`,
    [`echo 1 | sudo tee ${usb.portFolder}/latency_timer`],
  );
}

/** What cannot be set, and why that is all right. */
function fixedText({ driver, vendor }: UsbSerial): string {
  if (driver === 'cdc_acm' && vendor === '2341') return 'ATmega16U2: passes on after 4 ms at most; nothing can be set';
  if (driver === 'cdc_acm') return 'native USB: passes on at once; nothing can be set';
  if (driver.startsWith('ch34')) return 'CH340: passes on within 1 ms or a full packet; nothing can be set';
  return `driver ${driver === '' ? 'unknown' : driver}: nothing can be set`;
}
