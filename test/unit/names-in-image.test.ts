import { describe, expect, it } from 'vitest';
import { namesInImage } from '#built/firmware-names/names-in-image.js';
import { programOfFile } from '#built/firmware-names/program-of-file.js';

/** What CC_STATE leaves in an image: pieces of bytes and kind, behind a place in memory of `pointerBytes`. */
function record(pointerBytes: 2 | 4 | 8, names: string, pieces: readonly (readonly [number, number])[]): number[] {
  const padding = (length: number) =>
    pointerBytes === 2 ? 0 : (pointerBytes - (length % pointerBytes)) % pointerBytes;
  const bytes = [0xcc, 0x5a, 0x53, 1, pointerBytes, pieces.length];
  bytes.push(...new Array<number>(padding(bytes.length)).fill(0));
  for (const [length, kind] of pieces) {
    const piece = [...new Array<number>(pointerBytes).fill(0xab), length & 255, length >> 8, kind];
    bytes.push(...piece, ...new Array<number>(padding(piece.length)).fill(0));
  }
  return [...bytes, ...Buffer.from(`${names}\0`)];
}

const PIECES = [
  [2, 0x22],
  [1, 0x41],
  [6, 0x12],
  [3, 0],
  [4, 0x34],
] as const;
const NAMES = 'level, isPumping, history, limits, degrees';

describe('names in an image', () => {
  it.each([2, 4, 8] as const)('are read wherever they stand, with pointers of %i bytes', (pointerBytes) => {
    const program = Uint8Array.from([1, 0xcc, 0x5a, 0x53, 1, 9, 9, ...record(pointerBytes, NAMES, PIECES), 0xff]);
    const { state = [], isAnswered } = namesInImage(program) ?? {};
    expect(state.map(({ name, type, offset }) => `${type} ${name} ${offset}`)).toEqual([
      'i16 level 0',
      'bool isPumping 2',
      ...['u16 history[0] 3', 'u16 history[1] 5', 'u16 history[2] 7'],
      ...['u8 limits (byte 0) 9', 'u8 limits (byte 1) 10', 'u8 limits (byte 2) 11'],
      'f32 degrees 12',
    ]);
    expect(isAnswered).toBe(false);
    expect(namesInImage(Uint8Array.from([...program, 0xcc, 0x5a, 0x41, 1]))?.isAnswered).toBe(true);
  });

  it('are none where a program has none, or was cut off, or only looks like it', () => {
    const whole = record(2, NAMES, PIECES);
    for (let length = 0; length < whole.length; length++)
      expect(namesInImage(Uint8Array.from(whole.slice(0, length)))).toBeNull();
    expect(namesInImage(Uint8Array.from(record(2, 'level, isPumping', PIECES)))).toBeNull();
    expect(namesInImage(Uint8Array.from(record(2, NAMES.replace('level', '<b>'), PIECES)))).toBeNull();
    expect(namesInImage(Uint8Array.from(record(2, 'a', [[0, 0x11]])))).toBeNull();
  });

  it('are found in Intel HEX, over the ends of its lines', () => {
    const program = record(2, NAMES, PIECES);
    const lines: string[] = [];
    for (let at = 0; at < program.length; at += 16) {
      const data = Buffer.from(program.slice(at, at + 16));
      lines.push(`:${Buffer.from([data.length, at >> 8, at & 255, 0]).toString('hex')}${data.toString('hex')}00`);
    }
    const hex = [...lines, ':00000001FF'].join('\r\n');
    expect(programOfFile(Buffer.from(hex))).toEqual(Uint8Array.from(program));
  });
});
