import { describe, expect, it } from 'vitest';
import { crc32 } from '#built/protocol/crc32.js';
import { changedPlace } from '#built/values/changed-place.js';
import type { NamedField } from '#built/values/named-field.js';

const FIELDS: readonly NamedField[] = [
  { name: 'level', type: 'i16', offset: 0, unit: '', scale: 1 },
  { name: 'isPumping', type: 'bool', offset: 2, unit: '', scale: 1 },
  { name: 'movedAt', type: 'u32', offset: 3, unit: '', scale: 1 },
  { name: 'count', type: 'u16', offset: 7, unit: '', scale: 1 },
];
const BEFORE = Uint8Array.of(40, 1, 1, 9, 8, 7, 6, 255, 3, 77);

function placeOf(change: (bytes: Uint8Array) => void, fields = FIELDS): string | null {
  const after = BEFORE.slice();
  change(after);
  return changedPlace((crc32(BEFORE) ^ crc32(after)) >>> 0, BEFORE.length, fields);
}

describe('where two memories differ, by their CRCs', () => {
  it('R29: names every single bit', () => {
    for (let bit = 0; bit < 8 * BEFORE.length; bit++) {
      const place = Math.floor(bit / 8);
      const field = FIELDS.findLast(({ offset }) => offset <= place);
      const expected =
        place === 9 ? `bit ${bit % 8} of byte 9` : `bit ${bit - 8 * (field?.offset ?? 0)} of ${field?.name}`;
      expect(placeOf((bytes) => (bytes[place] = (bytes[place] ?? 0) ^ (1 << (bit % 8))))).toBe(expected);
    }
  });

  it('R29: names a byte, and a value of two bytes, that changed as a whole', () => {
    expect(placeOf((bytes) => (bytes[4] = 0xf1))).toBe('movedAt');
    expect(placeOf((bytes) => bytes.set([0x12, 0x34], 0))).toBe('level');
    expect(placeOf((bytes) => bytes.set([0x12, 0x34], 7))).toBe('count');
    expect(placeOf((bytes) => (bytes[9] = 0))).toBe('byte 9');
  });

  it('claims nothing of changes in several places', () => {
    expect(placeOf(() => undefined)).toBeNull();
    expect(placeOf((bytes) => bytes.set([1, 2, 3, 4], 3))).toBeNull();
    expect(placeOf((bytes) => bytes.set([7, 7, 7, 7, 7, 7, 7, 7, 7, 7], 0))).toBeNull();
    expect(placeOf((bytes) => bytes.set([0x12, 0x34], 0), [])).toBeNull();
  });

  it('finds a bit in a large memory too', () => {
    const large = Uint8Array.from({ length: 4000 }, (_, index) => index * 7);
    const other = large.slice();
    other[1234] = (other[1234] ?? 0) ^ 0x20;
    expect(changedPlace((crc32(large) ^ crc32(other)) >>> 0, large.length, [])).toBe('bit 5 of byte 1234');
  });
});
