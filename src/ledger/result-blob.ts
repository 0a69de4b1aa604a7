import type { ResultPart } from '../pair/result/messages.js';

/** Bytes before each part's body: rejected (u8), length (u32, little-endian). */
const PART_HEADER_BYTES = 5;

/** A result's parts as one BLOB: for each part rejected (u8), length (u32, little-endian), body. */
export function encodeParts(parts: readonly ResultPart[]): Uint8Array {
  const size = parts.reduce((sum, part) => sum + PART_HEADER_BYTES + part.body.byteLength, 0);
  const blob = new Uint8Array(size);
  let at = 0;
  for (const { rejected, body } of parts) {
    const length = body.byteLength;
    blob[at] = rejected ? 1 : 0;
    blob[at + 1] = length;
    blob[at + 2] = length >>> 8;
    blob[at + 3] = length >>> 16;
    blob[at + 4] = length >>> 24;
    blob.set(body, at + PART_HEADER_BYTES);
    at += PART_HEADER_BYTES + length;
  }
  return blob;
}

/** The reverse; what a damaged row cuts short is left out. */
export function decodeParts(blob: Uint8Array): ResultPart[] {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const parts: ResultPart[] = [];
  let at = 0;
  while (at + PART_HEADER_BYTES <= blob.byteLength) {
    const end = at + PART_HEADER_BYTES + view.getUint32(at + 1, true);
    if (end > blob.byteLength) break;
    parts.push({ rejected: view.getUint8(at) !== 0, body: exactBytes(blob.subarray(at + PART_HEADER_BYTES, end)) });
    at = end;
  }
  return parts;
}

export function decodeBodies(blob: Uint8Array | null): Uint8Array[] | null {
  return blob === null ? null : decodeParts(blob).map((part) => part.body);
}

/** The same bytes in a buffer of their own size: a view is cloned to a worker with the whole pool behind it. */
export function exactBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}
