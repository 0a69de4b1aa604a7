import { crc16 } from './crc16.js';
import { MAX_PDU_BYTES, MAX_RTU_BYTES } from './function-codes.js';

const CRC_BYTES = 2;
/** Address, function code, checksum. */
const LEAST_BYTES = 4;

export interface RtuFrame {
  readonly address: number;
  readonly pdu: Uint8Array;
}

/** @throws RangeError for a PDU that is empty or longer than one may be, and for an address that is no byte */
export function encodeRtu({ address, pdu }: RtuFrame): Uint8Array {
  if (pdu.length === 0 || pdu.length > MAX_PDU_BYTES) throw new RangeError(`a PDU of ${pdu.length} bytes`);
  if (!Number.isInteger(address) || address < 0 || address > 0xff) throw new RangeError(`${address} is no address`);
  const frame = new Uint8Array(1 + pdu.length + CRC_BYTES);
  frame[0] = address;
  frame.set(pdu, 1);
  const crc = crc16(frame, 0, 1 + pdu.length);
  frame[1 + pdu.length] = crc;
  frame[2 + pdu.length] = crc >>> 8;
  return frame;
}

/** The frame that these bytes are, all of them; null: they are none. */
export function decodeRtu(bytes: Uint8Array): RtuFrame | null {
  if (bytes.length < LEAST_BYTES || bytes.length > MAX_RTU_BYTES) return null;
  if (!hasCrc(bytes, 0, bytes.length)) return null;
  return { address: bytes[0] ?? 0, pdu: bytes.slice(1, -CRC_BYTES) };
}

/** Whether the last two bytes before `end` are the checksum of those from `begin` to them. */
export function hasCrc(bytes: Uint8Array, begin: number, end: number): boolean {
  const at = end - CRC_BYTES;
  return at > begin && crc16(bytes, begin, at) === ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8));
}

/** Length of the frame around a PDU. */
export function rtuLength(pduBytes: number): number {
  return 1 + pduBytes + CRC_BYTES;
}
