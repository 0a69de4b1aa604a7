import { CopycatError } from '../errors/copycat-error.js';

const dataRecord = 0;
const endRecord = 1;
const segmentRecord = 2;
const linearRecord = 4;

/**
 * Reads an Intel HEX image into a flash of `flashBytes` bytes; what the file does not say stays erased (0xff).
 * @throws CopycatError EMULATOR_FAILED for a damaged line, a wrong checksum or an address beyond the flash.
 */
export function loadHex(text: string, flashBytes: number): Uint8Array {
  const flash = new Uint8Array(flashBytes).fill(0xff);
  let base = 0;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line === '') continue;
    const record = readRecord(line, index + 1);
    const type = record[3];
    const offset = ((record[1] ?? 0) << 8) | (record[2] ?? 0);
    const data = record.subarray(4, record.length - 1);
    if (type === endRecord) return flash;
    if (type === segmentRecord) base = (((data[0] ?? 0) << 8) | (data[1] ?? 0)) << 4;
    else if (type === linearRecord) base = (((data[0] ?? 0) << 8) | (data[1] ?? 0)) * 0x10000;
    else if (type === dataRecord) {
      if (base + offset + data.length > flashBytes) {
        throw new CopycatError('EMULATOR_FAILED', `hex line ${index + 1} lies beyond the flash`, {
          value: base + offset,
          expected: `an address below ${flashBytes}`,
        });
      }
      flash.set(data, base + offset);
    }
  }
  throw new CopycatError('EMULATOR_FAILED', 'the hex image has no end record', { expected: 'a last line :00000001FF' });
}

function readRecord(line: string, lineNumber: number): Uint8Array {
  const valid = /^:(?:[0-9a-fA-F]{2}){5,}$/.test(line);
  const record = valid ? Uint8Array.from(line.slice(1).match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)) : null;
  const sum = record?.reduce((total, byte) => (total + byte) & 0xff, 0);
  if (record === null || sum !== 0 || record.length !== (record[0] ?? 0) + 5) {
    throw new CopycatError('EMULATOR_FAILED', `hex line ${lineNumber} is damaged`, {
      value: line,
      expected: 'an Intel HEX record with a right checksum',
    });
  }
  return record;
}
