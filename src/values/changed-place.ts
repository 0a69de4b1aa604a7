import type { NamedField } from './named-field.js';
import { RAW_BYTES } from './raw-value.js';

const POLYNOMIAL = 0xedb88320;
const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value;
});
/** The index of each of the table's words by its uppermost byte, which no two have in common. */
const INDEX_OF = Uint8Array.from({ length: 256 }, (_, top) => TABLE.findIndex((word) => word >>> 24 === top));
/** With more of them every difference is explained by some of them, and none is found. */
const MOST_FIELD_BYTES = 2;

/**
 * Where two memories of `length` bytes differ, told by their CRC-32 alone: `bit 9 of level`, `level`, `byte 3`. A CRC is linear, so the
 * difference of two is that of the memories, moved through the bytes behind it; moved back it is small at the place where it began.
 * Null: in more than one place, or in one of more than two bytes.
 * @param difference of the two CRCs, one exclusive-or the other
 * @param fields of the memory
 */
export function changedPlace(difference: number, length: number, fields: readonly NamedField[]): string | null {
  if (difference === 0) return null;
  const bytes: [number, number][] = [];
  const names = new Set<string>();
  let moved = difference >>> 0;
  for (let offset = length - 1; offset >= 0; offset--) {
    moved = movedBack(moved);
    if (moved < 256) bytes.push([offset, moved]);
    const field = fields.find((one) => one.offset === offset);
    // Its last byte was at the end of the way so far: what began with its first one is found with fewer steps.
    if (field !== undefined && RAW_BYTES[field.type] <= MOST_FIELD_BYTES && moved < 256 ** RAW_BYTES[field.type])
      names.add(field.name);
  }
  const [first, second] = bytes;
  if (first !== undefined && second === undefined) return nameOfByte(first[0], first[1], fields);
  const [name] = names;
  return first === undefined && name !== undefined && names.size === 1 ? name : null;
}

/** What a CRC was before a byte of zeros. */
function movedBack(crc: number): number {
  const index = INDEX_OF[crc >>> 24] ?? 0;
  return (((crc ^ (TABLE[index] ?? 0)) << 8) | index) >>> 0;
}

function nameOfByte(offset: number, changed: number, fields: readonly NamedField[]): string {
  const field = fields.find((one) => one.offset <= offset && offset < one.offset + RAW_BYTES[one.type]);
  const name = field?.name ?? `byte ${offset}`;
  const isOneBit = (changed & (changed - 1)) === 0;
  if (!isOneBit) return name;
  const bit = Math.log2(changed) + 8 * (field === undefined ? 0 : offset - field.offset);
  return `bit ${bit} of ${name}`;
}
