import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { PortInfo } from '../ports/port-info.js';
import { readValue } from '../ports/sysfs.js';
import type { FreshPort } from './fresh-port.js';

/** What was done about the time a byte waits on its way from the board, and what came of it. */
export interface LatencyFinding {
  readonly setting: 'latency timer' | 'event character' | 'low-latency mode' | 'none';
  /** `set`: it is now as it should be; `was so`: it was already; `refused`: it could be better; `none`: nothing to set. */
  readonly result: 'set' | 'was so' | 'refused' | 'none';
  /** For people; with what would help where something was refused. */
  readonly text: string;
}

/** FTDI's own default; an answer of less than 62 bytes waits so long in the chip (FTDI AN232B-04). */
const WANTED_TIMER_MS = '1';
/** Bit 8 switches it on, the character is our delimiter: 0x00 (drivers/usb/serial/ftdi_sio.c). */
const DELIMITER_EVENT = String(0x100 | 0x00);
const RULE = 'the udev rule in docs/ports.md gives the right';

/** Sets what this port's driver has for a short way, and says what it found. Never rejects. */
export async function tuneLatency(info: PortInfo, port: FreshPort): Promise<readonly LatencyFinding[]> {
  if (info.driver === 'ftdi_sio' && info.sysFolder !== null) return tuneFtdi(info.sysFolder, port);
  if (info.usb === null) {
    const isSet = await port.setLowLatency();
    const text = isSet ? 'low-latency mode is on' : 'this UART has no low-latency mode';
    return [{ setting: 'low-latency mode', result: isSet ? 'set' : 'none', text }];
  }
  return [{ setting: 'none', result: 'none', text: untunable(info.driver) }];
}

async function tuneFtdi(folder: string, port: FreshPort): Promise<LatencyFinding[]> {
  const file = join(folder, 'latency_timer');
  const before = await readValue(file);
  const timer = await tuneTimer(file, before, port);
  // Opening has reset the chip: the event character has to be set after every opening.
  const refusal = await write(join(folder, 'event_char'), DELIMITER_EVENT);
  const event: LatencyFinding =
    refusal === null
      ? { setting: 'event character', result: 'set', text: 'the chip sends at the end of every frame' }
      : {
          setting: 'event character',
          result: 'refused',
          text: `event_char cannot be set (${refusal}): a frame waits up to the latency timer; ${RULE}`,
        };
  return [timer, event];
}

async function tuneTimer(file: string, before: string | null, port: FreshPort): Promise<LatencyFinding> {
  const setting = 'latency timer';
  if (before === WANTED_TIMER_MS) return { setting, result: 'was so', text: 'latency timer 1 ms, as it was' };
  const refusal = await write(file, WANTED_TIMER_MS);
  // The driver takes this flag for a timer of 1 ms, from everybody who has the port open.
  if (refusal !== null) await port.setLowLatency();
  const after = await readValue(file);
  if (after === WANTED_TIMER_MS) {
    const saved = before === null ? '' : `: an answer arrives up to ${Number(before) - 1} ms sooner`;
    return { setting, result: 'set', text: `latency timer 1 ms (was ${before ?? 'unknown'})${saved}` };
  }
  const why = refusal ?? 'it stays as it was';
  return { setting, result: 'refused', text: `latency timer ${after ?? 'unknown'} ms (${why}); ${RULE}` };
}

/** Null, or why not. */
async function write(path: string, value: string): Promise<string | null> {
  try {
    const file = await open(path, constants.O_WRONLY);
    try {
      await file.writeFile(`${value}\n`);
    } finally {
      await file.close();
    }
    return null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return code === 'EACCES' || code === 'EPERM' ? 'not permitted' : code;
  }
}

/** What drivers have no setting for; DESIGN 4 has the figures. */
function untunable(driver: string | null): string {
  switch (driver) {
    case 'cdc_acm':
      return 'nothing to set: a board with USB of its own sends at once, the USB chip of an Uno or Mega every 4 ms';
    case 'ch341':
      return 'nothing to set: a CH340 sends when it has 32 bytes or nothing more comes';
    case 'cp210x':
    case 'pl2303':
      return `nothing to set: the driver ${driver} has no such setting`;
    default:
      return 'nothing known that could be set';
  }
}
