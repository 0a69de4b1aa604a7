import { word } from '../../protocol/modbus/request.js';
import type { RegisterPlace } from './modbus-options.js';

/** The number whose first register stands at `at`. */
export function numberAt(answer: Uint8Array, at: number, { type, wordOrder }: RegisterPlace): number {
  const one = word(answer, at);
  const other = word(answer, at + 2);
  const [high, low] = wordOrder === 'high-first' ? [one, other] : [other, one];
  const view = new DataView(new ArrayBuffer(4));
  view.setUint16(0, type === 'u16' || type === 'i16' ? one : high);
  view.setUint16(2, low);
  switch (type) {
    case 'u16':
      return view.getUint16(0);
    case 'i16':
      return view.getInt16(0);
    case 'u32':
      return view.getUint32(0);
    case 'i32':
      return view.getInt32(0);
    case 'f32':
      return view.getFloat32(0);
  }
}
