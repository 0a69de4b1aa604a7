import type { Field } from './stored-fault.js';

const SIZES = { u8: 1, i8: 1, u16: 2, i16: 2, u32: 4, i32: 4 } as const;

/** `set point 60.0 degC, measured 58.4 degC`; bytes that no field names are left out. Without fields: the bytes in hex. */
export function nameValues(bytes: Uint8Array, fields: readonly Field[]): string {
  if (bytes.length === 0) return 'no payload';
  const told = fields
    .filter((field) => field.offset + SIZES[field.type] <= bytes.length)
    .map((field) => `${field.name} ${valueText(bytes, field)}`);
  return told.length > 0 ? told.join(', ') : `bytes ${hex(bytes)}`;
}

function valueText(bytes: Uint8Array, field: Field): string {
  const raw = readInteger(bytes, field);
  const number = trimZeros((raw * field.scale).toFixed(decimalsOf(field.scale)));
  return field.unit === '' ? number : `${number} ${field.unit}`;
}

function readInteger(bytes: Uint8Array, { type, offset }: Field): number {
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
  }
}

/** As many decimals as one step of the scale needs: 0.1 shows one, 0.25 two, 10 none. */
function decimalsOf(scale: number): number {
  for (let decimals = 0; decimals < 6; decimals++) {
    const shifted = scale * 10 ** decimals;
    if (Math.abs(shifted - Math.round(shifted)) < 1e-6) return decimals;
  }
  return 6;
}

/** 45.8750 → 45.875, 88.0000 → 88.0: one decimal says that there could be more. */
function trimZeros(number: string): string {
  return number.replace(/(\.\d+?)0+$/, '$1');
}

export function hex(bytes: Uint8Array): string {
  const shown = Array.from(bytes.subarray(0, 32), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return bytes.length > 32 ? `${shown} … (${bytes.length} bytes)` : shown;
}
