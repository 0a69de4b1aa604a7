import type { CharacterFormat } from '../../../src/emulator/character-format.js';
import { type LineOptions, SerialLine } from './serial-line.js';

export const EIGHT_E_ONE: CharacterFormat = { dataBits: 8, parity: 'even', stopBits: 1 };
export const ADDRESS = 5;

/** What goes onto the line: bytes with their CRC. Written apart from the gateway's own, so that both cannot be wrong alike. */
export function framed(bytes: readonly number[]): number[] {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return [...bytes, crc & 0xff, crc >> 8];
}

const words = (...values: number[]) => values.flatMap((value) => [value >> 8, value & 0xff]);

/** Requests, without address and CRC. */
export const request = {
  readCoils: (from: number, count: number) => [1, ...words(from, count)],
  readDiscretes: (from: number, count: number) => [2, ...words(from, count)],
  readHolding: (from: number, count: number) => [3, ...words(from, count)],
  readInput: (from: number, count: number) => [4, ...words(from, count)],
  writeCoil: (at: number, on: boolean) => [5, ...words(at, on ? 0xff00 : 0)],
  writeRegister: (at: number, value: number) => [6, ...words(at, value)],
  writeCoils: (from: number, count: number, bits: number) => [15, ...words(from, count), 1, bits],
  writeRegisters: (from: number, ...values: number[]) => [
    ...[16, ...words(from, values.length), 2 * values.length],
    ...words(...values),
  ],
  mask: (at: number, keep: number, set: number) => [22, ...words(at, keep, set)],
  readWrite: (from: number, count: number, at: number, ...values: number[]) => [
    ...[23, ...words(from, count, at, values.length), 2 * values.length],
    ...words(...values),
  ],
};

/** A master at the board's line: the answers, without address and CRC. */
export class ModbusMaster extends SerialLine {
  constructor(options: Partial<LineOptions> = {}) {
    super('modbus', { baudRate: 19_200, format: EIGHT_E_ONE, ...options });
  }

  /** Null: no answer came. Throws where what came is no frame of this slave. */
  ask(pdu: readonly number[], { address = ADDRESS, waitUs = 40_000 } = {}): number[] | null {
    this.give(framed([address, ...pdu]));
    const heard = this.listen(this.givenUs - this.uno.nowUs + waitUs);
    if (heard.length === 0) return null;
    const [from, ...rest] = heard;
    if (from !== address || framed(heard.slice(0, -2)).join() !== heard.join())
      throw new Error(`no frame of slave ${address}: ${heard.join(' ')}`);
    return rest.slice(0, -2);
  }

  /** The words of a read's answer. */
  words(pdu: readonly number[]): number[] {
    const [, , ...bytes] = this.ask(pdu, { waitUs: 60_000 }) ?? [];
    return bytes.flatMap((byte, index) => (index % 2 === 0 ? [(byte << 8) | (bytes[index + 1] ?? 0)] : []));
  }
}
