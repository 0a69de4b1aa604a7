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

/** Every input and result comes here four times: a few bytes are not allocated anew each time. */
const fewBytes = { three: new Uint8Array(3), four: new Uint8Array(4), five: new Uint8Array(5) };

function putLittleEndian32(bytes: Uint8Array, at: number, value: number): Uint8Array {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
  return bytes;
}

/** The CRC that RESULT.inputCrc must equal: of the probe flag, pair time and payload of its INPUT. */
export function inputCrc(input: HashedInput): number {
  const fixed = putLittleEndian32(fewBytes.five, 1, input.pairTimeMs);
  fixed[0] = input.probe ? 1 : 0;
  return crc32(input.payload, crc32(fixed));
}

/** The hash that COMMIT names: of all parts, in order, and the state digest. */
export function resultHash(parts: readonly HashedPart[], digest: number): number {
  let crc = 0;
  for (const { part, last, rejected, body } of parts) {
    const head = fewBytes.three;
    head[0] = part;
    head[1] = (last ? 1 : 0) | (rejected ? 2 : 0);
    head[2] = body.length;
    crc = crc32(head, crc);
    crc = crc32(body, crc);
  }
  return crc32(putLittleEndian32(fewBytes.four, 0, digest), crc);
}
