import { cobsDecode, cobsEncode } from './cobs.js';
import { crc32 } from './crc32.js';
import { readFields, writeFields } from './message-fields.js';
import { FRAME, type FromBoardMessage, MESSAGES, type Message, type MessageDescriptor } from './messages.generated.js';

/** Why bytes between two delimiters are not a message. Every one of them is a degraded link, never a message. */
export type DiscardReason = 'too-short' | 'too-long' | 'bad-cobs' | 'bad-crc' | 'unknown-type' | 'malformed-body';

export type DecodedFrame =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly reason: DiscardReason };

const BY_KIND = new Map<string, MessageDescriptor>(MESSAGES.map((entry) => [entry.kind, entry]));
const BY_TYPE = new Map<number, MessageDescriptor>(MESSAGES.map((entry) => [entry.type, entry]));

/** Largest frame between its delimiters. */
export const MAX_ENCODED_BYTES = FRAME.wireBytes - 2;

/** True for what only a board sends. */
export function isFromBoard(message: Message): message is FromBoardMessage {
  return BY_KIND.get(message.kind)?.direction === 'fromBoard';
}

/**
 * The message as it goes on the wire: 0x00, COBS of header, body and CRC-32, 0x00.
 * Throws RangeError when a number does not fit its field, a list is too long or the frame longer than `FRAME.wireBytes`.
 */
export function encodeFrame(message: Message): Uint8Array {
  const descriptor = BY_KIND.get(message.kind);
  if (descriptor === undefined) throw new RangeError(`no message is called ${message.kind}`);
  const decoded = new Uint8Array(FRAME.decodedBytes);
  const view = new DataView(decoded.buffer);
  if (!(Number.isInteger(message.session) && message.session >= 0 && message.session <= 0xff)) {
    throw new RangeError(`${descriptor.name}: session ${message.session} is not a u8`);
  }
  if (!(Number.isInteger(message.seq) && message.seq >= 0 && message.seq <= 0xffffffff)) {
    throw new RangeError(`${descriptor.name}: seq ${message.seq} is not a u32`);
  }
  view.setUint8(0, descriptor.type);
  view.setUint8(1, message.session);
  view.setUint32(2, message.seq, true);
  const bodyRoom = decoded.subarray(FRAME.headerBytes, FRAME.decodedBytes - FRAME.crcBytes);
  const bodyEnd = FRAME.headerBytes + writeFields(descriptor, message, bodyRoom);
  view.setUint32(bodyEnd, crc32(decoded.subarray(0, bodyEnd)), true);
  const encoded = cobsEncode(decoded.subarray(0, bodyEnd + FRAME.crcBytes));
  const wire = new Uint8Array(encoded.length + 2);
  wire.set(encoded, 1);
  return wire;
}

/** What stands between two delimiters. Never throws; the message keeps no reference to `bytes`. */
export function decodeFrame(bytes: Uint8Array): DecodedFrame {
  if (bytes.length > MAX_ENCODED_BYTES) return { ok: false, reason: 'too-long' };
  const decoded = cobsDecode(bytes);
  if (decoded === undefined) return { ok: false, reason: 'bad-cobs' };
  const bodyEnd = decoded.length - FRAME.crcBytes;
  if (bodyEnd < FRAME.headerBytes) return { ok: false, reason: 'too-short' };
  const view = new DataView(decoded.buffer, decoded.byteOffset, decoded.length);
  if (view.getUint32(bodyEnd, true) !== crc32(decoded.subarray(0, bodyEnd))) return { ok: false, reason: 'bad-crc' };
  const descriptor = BY_TYPE.get(view.getUint8(0));
  if (descriptor === undefined) return { ok: false, reason: 'unknown-type' };
  const fields = readFields(descriptor, decoded.subarray(FRAME.headerBytes, bodyEnd));
  if (fields === undefined) return { ok: false, reason: 'malformed-body' };
  const header = { kind: descriptor.kind, session: view.getUint8(1), seq: view.getUint32(2, true) };
  // The descriptors and the interfaces are generated from the same table, so the fields read are the interface's.
  return { ok: true, message: { ...header, ...fields } as unknown as Message };
}
