/**
 * The program in a file: of Intel HEX what its data records hold, one behind the other; of anything else the file itself. Who runs
 * it checks it (src/emulator/hex.ts); here it is only searched, and a line that is none is passed over.
 */
export function programOfFile(file: Uint8Array): Uint8Array {
  if (file[0] !== COLON) return file;
  const text = new TextDecoder('latin1').decode(file);
  const data = [...text.matchAll(DATA_RECORD)].map(([, hex = '']) => hex.slice(0, -2));
  return Uint8Array.from(data.join('').match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

const COLON = 0x3a;
const DATA_RECORD = /^:[0-9a-fA-F]{6}00([0-9a-fA-F]+)/gm;
