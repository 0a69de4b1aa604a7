import type { FieldDescriptor, Message, MessageDescriptor } from './messages.generated.js';

type NumberFormat = Exclude<FieldDescriptor['as'], 'bytes'>;

const BYTES: Record<NumberFormat, number> = { u8: 1, u16: 2, u32: 4, i16: 2, i32: 4 };
const LOWEST: Record<NumberFormat, number> = { u8: 0, u16: 0, u32: 0, i16: -0x8000, i32: -0x80000000 };
const HIGHEST: Record<NumberFormat, number> = { u8: 0xff, u16: 0xffff, u32: 0xffffffff, i16: 0x7fff, i32: 0x7fffffff };

/** Sent for an enum's 'unknown' where the table gives it no number. */
const UNKNOWN_VALUE = 255;

function putNumber(view: DataView, at: number, format: NumberFormat, value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < LOWEST[format] || value > HIGHEST[format]) {
    throw new RangeError(`${name}: ${String(value)} is not a ${format}`);
  }
  if (at + BYTES[format] > view.byteLength) throw new RangeError(`${name}: the frame is full`);
  switch (format) {
    case 'u8':
      view.setUint8(at, value);
      break;
    case 'u16':
      view.setUint16(at, value, true);
      break;
    case 'u32':
      view.setUint32(at, value, true);
      break;
    case 'i16':
      view.setInt16(at, value, true);
      break;
    case 'i32':
      view.setInt32(at, value, true);
      break;
  }
  return at + BYTES[format];
}

function getNumber(view: DataView, at: number, format: NumberFormat): number {
  switch (format) {
    case 'u8':
      return view.getUint8(at);
    case 'u16':
      return view.getUint16(at, true);
    case 'u32':
      return view.getUint32(at, true);
    case 'i16':
      return view.getInt16(at, true);
    case 'i32':
      return view.getInt32(at, true);
  }
}

function numberOf(field: FieldDescriptor, message: Readonly<Record<string, unknown>>): unknown {
  if (field.bits !== undefined) {
    return field.bits.reduce((flags, [name, mask]) => (message[name] === true ? flags | mask : flags), 0);
  }
  const value = message[field.name];
  if (field.values === undefined) return value;
  const named = field.values.find(([name]) => name === value);
  if (named !== undefined) return named[1];
  return value === 'unknown' ? UNKNOWN_VALUE : value;
}

/** Writes the body of `message` into `room`; returns its length. Throws RangeError when something does not fit. */
export function writeFields(descriptor: MessageDescriptor, message: Message, room: Uint8Array): number {
  const values = message as unknown as Readonly<Record<string, unknown>>; // walked by the generated descriptors
  const view = new DataView(room.buffer, room.byteOffset, room.length);
  let at = 0;
  for (const field of descriptor.fields) {
    const name = `${descriptor.name}.${field.name}`;
    if (field.as === 'bytes') {
      const bytes = values[field.name];
      if (!(bytes instanceof Uint8Array)) throw new RangeError(`${name}: not a Uint8Array`);
      if (at + bytes.length > room.length) throw new RangeError(`${name}: ${bytes.length} bytes do not fit the frame`);
      room.set(bytes, at);
      at += bytes.length;
    } else if (field.maxItems !== undefined) {
      const items: unknown = values[field.name];
      if (!Array.isArray(items) || items.length > field.maxItems) {
        throw new RangeError(`${name}: not a list of at most ${field.maxItems}`);
      }
      at = putNumber(view, at, 'u8', items.length, name);
      for (const item of items) at = putNumber(view, at, field.as, item, name);
    } else {
      at = putNumber(view, at, field.as, numberOf(field, values), name);
    }
  }
  return at;
}

/** The fields of a body, or undefined when it is too short, too long or has too long a list. */
export function readFields(descriptor: MessageDescriptor, body: Uint8Array): Record<string, unknown> | undefined {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const fields: Record<string, unknown> = {};
  let at = 0;
  for (const field of descriptor.fields) {
    if (field.as === 'bytes') {
      fields[field.name] = body.slice(at);
      at = body.length;
      continue;
    }
    if (field.maxItems !== undefined) {
      if (at >= body.length) return undefined;
      const count = view.getUint8(at++);
      if (count > field.maxItems || at + count * BYTES[field.as] > body.length) return undefined;
      const items: number[] = [];
      for (let item = 0; item < count; item++, at += BYTES[field.as]) items.push(getNumber(view, at, field.as));
      fields[field.name] = items;
      continue;
    }
    if (at + BYTES[field.as] > body.length) return undefined;
    const value = getNumber(view, at, field.as);
    at += BYTES[field.as];
    if (field.bits !== undefined) {
      for (const [name, mask] of field.bits) fields[name] = (value & mask) !== 0;
    } else if (field.values !== undefined) {
      fields[field.name] = field.values.find(([, number]) => number === value)?.[0] ?? 'unknown';
    } else {
      fields[field.name] = value;
    }
  }
  return at === body.length ? fields : undefined;
}
