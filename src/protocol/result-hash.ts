import { crc32 } from './crc32.js';

/** What `resultHash` needs of a RESULT; a ResultMessage is one. */
export interface HashedPart {
  readonly part: number;
  readonly last: boolean;
  readonly rejected: boolean;
  readonly body: Uint8Array;
}

/** What `inputCrc` needs of an INPUT; an InputMessage is one. */
export interface HashedInput {
  readonly probe: boolean;
  readonly pairTimeMs: number;
  readonly payload: Uint8Array;
}

function littleEndian32(value: number): Uint8Array {
  return Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);
}

/** The CRC that RESULT.inputCrc must equal: of the probe flag, pair time and payload of its INPUT. */
export function inputCrc(input: HashedInput): number {
  const fixed = crc32(littleEndian32(input.pairTimeMs), crc32(Uint8Array.of(input.probe ? 1 : 0)));
  return crc32(input.payload, fixed);
}

/** The hash that COMMIT names: of all parts, in order, and the state digest. */
export function resultHash(parts: readonly HashedPart[], digest: number): number {
  let crc = 0;
  for (const { part, last, rejected, body } of parts) {
    crc = crc32(Uint8Array.of(part, (last ? 1 : 0) | (rejected ? 2 : 0), body.length), crc);
    crc = crc32(body, crc);
  }
  return crc32(littleEndian32(digest), crc);
}
