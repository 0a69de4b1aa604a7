import type { NamedField } from '../values/named-field.js';
import { RAW_BYTES, type RawType } from '../values/raw-value.js';

/** What a program says of its state (CC_STATE in firmware-harness/include/copycat/state.h). */
export interface NamesInImage {
  /** In the order of the sketch, without a gap: as the state is summed up and transferred. */
  readonly state: readonly NamedField[];
  /** The first part of every answer is the whole state (cc_reply_state). */
  readonly isAnswered: boolean;
}

/** CC_NAMES_MARK and CC_ANSWERS_MARK. */
const NAMES_MARK = [0xcc, 0x5a, 0x53, 1];
const ANSWERS_MARK = [0xcc, 0x5a, 0x41, 1];
const MOST_PIECES = 16;
/** Of an array each element has a name; of a longer one only its bytes are known. */
const MOST_ELEMENTS = 32;
const LONGEST_NAMES = 1024;
const NAMES = /^[\w.[\]>-]+(?:, ?[\w.[\]>-]+)*$/;
/** By kind (CC_PIECE_...) and bytes of an element. */
const TYPES: Readonly<Record<string, RawType>> = {
  '1:1': 'u8',
  '1:2': 'u16',
  '1:4': 'u32',
  '2:1': 'i8',
  '2:2': 'i16',
  '2:4': 'i32',
  '3:4': 'f32',
  '4:1': 'bool',
};

/** The names in a program, as it lies in flash or in the file of a process; null: it has none. */
export function namesInImage(program: Uint8Array): NamesInImage | null {
  for (let at = find(program, NAMES_MARK, 0); at >= 0; at = find(program, NAMES_MARK, at + 1)) {
    const state = readNames(program, at + NAMES_MARK.length);
    if (state !== null) return { state, isAnswered: find(program, ANSWERS_MARK, 0) >= 0 };
  }
  return null;
}

/** Null: the mark stands there by chance. */
function readNames(program: Uint8Array, at: number): readonly NamedField[] | null {
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  const pointerBytes = program[at] ?? 0;
  const count = program[at + 1] ?? 0;
  if (![2, 4, 8].includes(pointerBytes) || count === 0 || count > MOST_PIECES) return null;
  // An AVR lays out without gaps; others align a pointer to its size.
  const align = pointerBytes === 2 ? 1 : pointerBytes;
  const pieceBytes = aligned(pointerBytes + 3, align);
  const first = at - NAMES_MARK.length + aligned(NAMES_MARK.length + 2, align);
  const names = textAt(program, first + count * pieceBytes)?.split(/, ?/);
  if (names?.length !== count) return null;
  const fields: NamedField[] = [];
  let offset = 0;
  for (const [index, name] of names.entries()) {
    const place = first + index * pieceBytes + pointerBytes;
    const bytes = view.getUint16(place, true);
    const kind = program[place + 2] ?? 0;
    if (bytes === 0 || kind >= 5 * 16) return null;
    fields.push(...elementsOf(name, offset, bytes, kind));
    offset += bytes;
  }
  return fields;
}

function elementsOf(name: string, offset: number, bytes: number, kind: number): NamedField[] {
  const type = TYPES[`${kind >> 4}:${kind & 15}`];
  const said = { unit: '', scale: 1 };
  if (type === undefined) return bytesOf(name, offset, bytes);
  const size = RAW_BYTES[type];
  const count = bytes / size;
  if (count === 1) return [{ ...said, name, type, offset }];
  if (count > MOST_ELEMENTS || !Number.isInteger(count)) return bytesOf(name, offset, bytes);
  return Array.from({ length: count }, (_, index) => {
    return { ...said, name: `${name}[${index}]`, type, offset: offset + index * size };
  });
}

/** A struct, or what is too long: each byte by its place in it. */
function bytesOf(name: string, offset: number, bytes: number): NamedField[] {
  return Array.from({ length: Math.min(bytes, 2 * MOST_ELEMENTS) }, (_, index) => {
    return { name: `${name} (byte ${index})`, unit: '', scale: 1, type: 'u8', offset: offset + index };
  });
}

/** The text with a NUL behind it; null: it is none of names. */
function textAt(program: Uint8Array, at: number): string | null {
  const end = program.indexOf(0, at);
  if (end < 0 || end - at > LONGEST_NAMES) return null;
  const text = String.fromCharCode(...program.subarray(at, end));
  return NAMES.test(text) ? text : null;
}

function find(program: Uint8Array, mark: readonly number[], from: number): number {
  const [first = 0, ...rest] = mark;
  for (let at = program.indexOf(first, from); at >= 0; at = program.indexOf(first, at + 1)) {
    if (rest.every((byte, index) => program[at + 1 + index] === byte)) return at;
  }
  return -1;
}

function aligned(bytes: number, to: number): number {
  return Math.ceil(bytes / to) * to;
}
