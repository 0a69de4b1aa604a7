// The hash of an image that its boards say in HELLO, so that they need not read their flash before they can speak.
import { crc32 } from 'node:zlib';

export const HASH_BYTES = 4;

/** crc32 of the whole program with zeros in the hash's own place: what a board without a hash computes for itself. */
function imageHashOf(program: Uint8Array, address: number): number {
  const bytes = Buffer.from(program);
  bytes.fill(0, address, address + HASH_BYTES);
  return crc32(bytes);
}

/** The program with its hash in place; throws when something else than an empty place is there. */
export function withImageHash(program: Buffer, address: number): Buffer {
  if (address + HASH_BYTES > program.length || program.readUInt32LE(address) !== 0)
    throw new Error(`no empty place for the image's hash at ${address} of ${program.length} bytes`);
  const bytes = Buffer.from(program);
  bytes.writeUInt32LE(imageHashOf(program, address), address);
  return bytes;
}
