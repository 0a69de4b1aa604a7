/** How a number stands in a payload or a result, little-endian. */
export type RawType = 'u8' | 'i8' | 'u16' | 'i16' | 'u32' | 'i32' | 'f32' | 'bool';

export const RAW_BYTES: Readonly<Record<RawType, number>> = {
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  f32: 4,
  bool: 1,
};

/**
 * Before any scale; a bool is 0 or 1.
 * @throws RangeError where the bytes end before it does
 */
export function readRaw(bytes: Uint8Array, type: RawType, offset: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (type) {
    case 'u8':
      return view.getUint8(offset);
    case 'i8':
      return view.getInt8(offset);
    case 'u16':
      return view.getUint16(offset, true);
    case 'i16':
      return view.getInt16(offset, true);
    case 'u32':
      return view.getUint32(offset, true);
    case 'i32':
      return view.getInt32(offset, true);
    case 'f32':
      return view.getFloat32(offset, true);
    case 'bool':
      return view.getUint8(offset) === 0 ? 0 : 1;
  }
}
