import { atmega328p } from '../emulator/atmega328p.js';
import { crc32 } from '../protocol/crc32.js';

const UNIT_MAGIC = 0x74696e75;
const RECORD_BYTES = 8;

/**
 * An EEPROM in which the harness finds `unit` as the board's own number (unit.c of its AVR ports): the last eight bytes
 * are the unit and a check of it, all else is erased. With 0 the board says that it cannot tell which one it is.
 */
export function eepromWithUnit(unit: number, bytes = atmega328p.eepromBytes): Uint8Array {
  const content = new Uint8Array(bytes).fill(0xff);
  const checked = new DataView(new ArrayBuffer(RECORD_BYTES));
  checked.setUint32(0, UNIT_MAGIC, true);
  checked.setUint32(4, unit, true);
  const record = new DataView(content.buffer, bytes - RECORD_BYTES);
  record.setUint32(0, unit, true);
  // The firmware keeps the sum as it is, not inverted as crc32 ends it.
  record.setUint32(4, ~crc32(new Uint8Array(checked.buffer)), true);
  return content;
}
