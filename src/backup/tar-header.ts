/** POSIX ustar: what `tar tf` reads. A header is one block; names are short and sizes fit, so that no extension is needed. */

export const BLOCK_BYTES = 512;
/** An archive ends with two empty blocks: one that was cut off lacks them. */
export const END_BYTES = 2 * BLOCK_BYTES;

const NAME = { at: 0, length: 100 };
const SIZE = { at: 124, length: 12 };
const SUM = { at: 148, length: 8 };
const MAGIC = { at: 257, text: 'ustar\u000000' };

export interface TarEntry {
  readonly name: string;
  readonly bytes: number;
}

export function tarHeader({ name, bytes }: TarEntry, modifiedMs: number): Buffer {
  const header = Buffer.alloc(BLOCK_BYTES);
  const octal = (value: number, at: number, length: number): void => {
    header.write(`${value.toString(8).padStart(length - 1, '0')}\u0000`, at, 'latin1');
  };
  header.write(name, NAME.at, NAME.length, 'latin1');
  octal(0o600, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(bytes, SIZE.at, SIZE.length);
  octal(Math.floor(modifiedMs / 1000), 136, 12);
  header.write('0', 156, 'latin1');
  header.write(MAGIC.text, MAGIC.at, 'latin1');
  header.write(`${sumOf(header).toString(8).padStart(6, '0')}\u0000 `, SUM.at, 'latin1');
  return header;
}

/** Null: it is no header, or a damaged one. */
export function readTarHeader(header: Buffer): TarEntry | null {
  if (header.length < BLOCK_BYTES || header.toString('latin1', MAGIC.at, MAGIC.at + 5) !== 'ustar') return null;
  const text = (at: number, length: number): string =>
    (header.toString('latin1', at, at + length).split('\u0000')[0] ?? '').trim();
  if (Number.parseInt(text(SUM.at, SUM.length), 8) !== sumOf(header)) return null;
  const size = text(SIZE.at, SIZE.length);
  return /^[0-7]+$/.test(size) ? { name: text(NAME.at, NAME.length), bytes: Number.parseInt(size, 8) } : null;
}

export function paddingAfter(bytes: number): number {
  return (BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES;
}

/** Of all bytes, those of the sum itself taken for spaces. */
function sumOf(header: Buffer): number {
  return header.reduce((sum, byte, at) => sum + (at >= SUM.at && at < SUM.at + SUM.length ? 0x20 : byte), 0);
}
