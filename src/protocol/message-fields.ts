import type { FieldDescriptor, Message, MessageDescriptor } from './messages.generated.js';

type NumberFormat = Exclude<FieldDescriptor['as'], 'bytes'>;

const BYTES: Record<NumberFormat, number> = { u8: 1, u16: 2, u32: 4, i16: 2, i32: 4 };
const LOWEST: Record<NumberFormat, number> = { u8: 0, u16: 0, u32: 0, i16: -0x8000, i32: -0x80000000 };
const HIGHEST: Record<NumberFormat, number> = { u8: 0xff, u16: 0xffff, u32: 0xffffffff, i16: 0x7fff, i32: 0x7fffffff };

/** Sent for an enum's 'unknown' where the table gives it no number. */
const UNKNOWN_VALUE = 255;

function putNumber(
  { view, end }: FrameBytes,
  at: number,
  format: NumberFormat,
  value: unknown,
  descriptor: MessageDescriptor,
  field: FieldDescriptor,
): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < LOWEST[format] || value > HIGHEST[format]) {
    throw new RangeError(`${nameOf(descriptor, field)}: ${String(value)} is not a ${format}`);
  }
  if (at + BYTES[format] > end) throw new RangeError(`${nameOf(descriptor, field)}: the frame is full`);
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

/** Bytes of a frame up to `end`, with a view of the same from their first on. */
export interface FrameBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly end: number;
}

/** Writes the body of `message` from `at` on; gives where it ends. Throws RangeError when something does not fit. */
export function writeFields(descriptor: MessageDescriptor, message: Message, room: FrameBytes, at: number): number {
  const values = message as unknown as Readonly<Record<string, unknown>>; // walked by the generated descriptors
  let next = at;
  for (const field of descriptor.fields) {
    if (field.as === 'bytes') {
      const bytes = values[field.name];
      if (!(bytes instanceof Uint8Array)) throw new RangeError(`${nameOf(descriptor, field)}: not a Uint8Array`);
      if (next + bytes.length > room.end) {
        throw new RangeError(`${nameOf(descriptor, field)}: ${bytes.length} bytes do not fit the frame`);
      }
      room.bytes.set(bytes, next);
      next += bytes.length;
    } else if (field.maxItems !== undefined) {
      const items: unknown = values[field.name];
      if (!Array.isArray(items) || items.length > field.maxItems) {
        throw new RangeError(`${nameOf(descriptor, field)}: not a list of at most ${field.maxItems}`);
      }
      next = putNumber(room, next, 'u8', items.length, descriptor, field);
      for (const item of items) next = putNumber(room, next, field.as, item, descriptor, field);
    } else {
      next = putNumber(room, next, field.as, numberOf(field, values), descriptor, field);
    }
  }
  return next;
}

/** Reads the fields of a body that begins at `at` into `fields`. False when it is too short, too long or has too long a list. */
export function readFields(
  descriptor: MessageDescriptor,
  { bytes, view, end }: FrameBytes,
  at: number,
  fields: Record<string, unknown>,
): boolean {
  let next = at;
  for (const field of descriptor.fields) {
    if (field.as === 'bytes') {
      fields[field.name] = bytes.slice(next, end);
      next = end;
      continue;
    }
    const size = BYTES[field.as];
    if (field.maxItems !== undefined) {
      if (next >= end) return false;
      const count = view.getUint8(next++);
      if (count > field.maxItems || next + count * size > end) return false;
      const items: number[] = [];
      for (let item = 0; item < count; item++, next += size) items.push(getNumber(view, next, field.as));
      fields[field.name] = items;
      continue;
    }
    if (next + size > end) return false;
    const value = getNumber(view, next, field.as);
    next += size;
    if (field.bits !== undefined) {
      for (const [name, mask] of field.bits) fields[name] = (value & mask) !== 0;
    } else if (field.values !== undefined) {
      fields[field.name] = field.values.find(([, number]) => number === value)?.[0] ?? 'unknown';
    } else {
      fields[field.name] = value;
    }
  }
  return next === end;
}

const nameOf = (descriptor: MessageDescriptor, field: FieldDescriptor): string => `${descriptor.name}.${field.name}`;
