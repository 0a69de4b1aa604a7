import { cobsDecode, cobsEncode } from './cobs.js';
import { crc32 } from './crc32.js';
import { readFields, writeFields } from './message-fields.js';
import { FRAME, type FromBoardMessage, MESSAGES, type Message, type MessageDescriptor } from './messages.generated.js';

/** Why bytes between two delimiters are not a message. Every one of them is a degraded link, never a message. */
export type DiscardReason = 'too-short' | 'too-long' | 'bad-cobs' | 'bad-crc' | 'unknown-type' | 'malformed-body';

export type DecodedFrame =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly reason: DiscardReason };

/** Where a frame is put together and taken apart: nothing keeps a reference to it. */
const SCRATCH = new Uint8Array(FRAME.wireBytes);
const SCRATCH_VIEW = new DataView(SCRATCH.buffer);

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
  if (!(Number.isInteger(message.session) && message.session >= 0 && message.session <= 0xff)) {
    throw new RangeError(`${descriptor.name}: session ${message.session} is not a u8`);
  }
  if (!(Number.isInteger(message.seq) && message.seq >= 0 && message.seq <= 0xffffffff)) {
    throw new RangeError(`${descriptor.name}: seq ${message.seq} is not a u32`);
  }
  SCRATCH[0] = descriptor.type;
  SCRATCH[1] = message.session;
  SCRATCH_VIEW.setUint32(2, message.seq, true);
  const room = { bytes: SCRATCH, view: SCRATCH_VIEW, end: FRAME.decodedBytes - FRAME.crcBytes };
  const bodyEnd = writeFields(descriptor, message, room, FRAME.headerBytes);
  SCRATCH_VIEW.setUint32(bodyEnd, crc32(SCRATCH, 0, bodyEnd), true);
  return cobsEncode(SCRATCH, bodyEnd + FRAME.crcBytes);
}

/** What stands between two delimiters. Never throws; the message keeps no reference to `bytes`. */
export function decodeFrame(bytes: Uint8Array): DecodedFrame {
  if (bytes.length > MAX_ENCODED_BYTES) return { ok: false, reason: 'too-long' };
  const end = cobsDecode(bytes, SCRATCH);
  if (end === null) return { ok: false, reason: 'bad-cobs' };
  const bodyEnd = end - FRAME.crcBytes;
  if (bodyEnd < FRAME.headerBytes) return { ok: false, reason: 'too-short' };
  if (SCRATCH_VIEW.getUint32(bodyEnd, true) !== crc32(SCRATCH, 0, bodyEnd)) return { ok: false, reason: 'bad-crc' };
  const descriptor = BY_TYPE.get(SCRATCH_VIEW.getUint8(0));
  if (descriptor === undefined) return { ok: false, reason: 'unknown-type' };
  const { kind } = descriptor;
  // The descriptors and the interfaces are generated from the same table, so the fields read are the interface's.
  const message = { kind, session: SCRATCH_VIEW.getUint8(1), seq: SCRATCH_VIEW.getUint32(2, true) };
  const body = { bytes: SCRATCH, view: SCRATCH_VIEW, end: bodyEnd };
  if (!readFields(descriptor, body, FRAME.headerBytes, message)) return { ok: false, reason: 'malformed-body' };
  return { ok: true, message: message as unknown as Message };
}
