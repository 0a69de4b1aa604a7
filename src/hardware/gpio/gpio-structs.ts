import type { Level, LineInfo, LineRequest, Pull } from './gpio-chip.js';

/**
 * The structures of the GPIO character device, v2 (Linux 5.10 and later; include/uapi/linux/gpio.h). Every 64-bit member is
 * aligned there, so the layout is the same for 32- and 64-bit programs; all hosts we know are little-endian.
 */

export const requests = {
  getChipInfo: 0x8044_b401,
  getLineInfo: 0xc100_b405,
  getLine: 0xc250_b407,
  getValues: 0xc010_b40e,
  setValues: 0xc010_b40f,
} as const;

const sizes = { chipInfo: 68, lineInfo: 256, lineRequest: 592, lineValues: 16 } as const;

const flags = {
  used: 1n << 0n,
  input: 1n << 2n,
  output: 1n << 3n,
  pullUp: 1n << 8n,
  pullDown: 1n << 9n,
  noPull: 1n << 10n,
};
const pullFlags: Readonly<Record<Pull, bigint>> = { none: flags.noPull, up: flags.pullUp, down: flags.pullDown };

/** Longest word for a consumer, without its end byte. */
const maxConsumerBytes = 31;
const attributeOutputValues = 2;

export function emptyChipInfo(): Buffer {
  return Buffer.alloc(sizes.chipInfo);
}

export function readChipInfo(bytes: Buffer): { readonly label: string; readonly lineCount: number } {
  return { label: readText(bytes, 32), lineCount: bytes.readUInt32LE(64) };
}

export function askLineInfo(offset: number): Buffer {
  const bytes = Buffer.alloc(sizes.lineInfo);
  bytes.writeUInt32LE(offset, 64);
  return bytes;
}

export function readLineInfo(bytes: Buffer): LineInfo {
  const set = bytes.readBigUInt64LE(72);
  return {
    name: readText(bytes, 0),
    consumer: readText(bytes, 32),
    isUsed: (set & flags.used) !== 0n,
    isOutput: (set & flags.output) !== 0n,
  };
}

export function askLine(offset: number, request: LineRequest): Buffer {
  const bytes = Buffer.alloc(sizes.lineRequest);
  bytes.writeUInt32LE(offset, 0);
  bytes.write(request.consumer.slice(0, maxConsumerBytes), 256, 'latin1');
  bytes.writeUInt32LE(1, 560);
  if (request.direction === 'input') {
    bytes.writeBigUInt64LE(flags.input | pullFlags[request.pull], 288);
    return bytes;
  }
  bytes.writeBigUInt64LE(flags.output, 288);
  // One attribute: the first level of the lines in its mask.
  bytes.writeUInt32LE(1, 296);
  bytes.writeUInt32LE(attributeOutputValues, 320);
  bytes.writeBigUInt64LE(BigInt(request.level), 328);
  bytes.writeBigUInt64LE(1n, 336);
  return bytes;
}

/** The descriptor that the kernel wrote into a line request. */
export function readLineDescriptor(bytes: Buffer): number {
  return bytes.readInt32LE(588);
}

/** For both ways: the level to set, or a place for the one that is read. */
export function lineValues(level: Level = 0): Buffer {
  const bytes = Buffer.alloc(sizes.lineValues);
  bytes.writeBigUInt64LE(BigInt(level), 0);
  bytes.writeBigUInt64LE(1n, 8);
  return bytes;
}

export function readLevel(bytes: Buffer): Level {
  return (bytes.readBigUInt64LE(0) & 1n) === 1n ? 1 : 0;
}

function readText(bytes: Buffer, at: number): string {
  const field = bytes.subarray(at, at + 32);
  const end = field.indexOf(0);
  return field.toString('latin1', 0, end === -1 ? field.length : end);
}
