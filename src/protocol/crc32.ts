const POLYNOMIAL = 0xedb88320;

function tableEntry(index: number): number {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value >>> 0;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => tableEntry(index));

/**
 * CRC-32 as zlib and the boards compute it (reflected 0x04C11DB7, initial and final value inverted).
 * `previous` is the CRC of what came before, to go on from it; 0 to begin. Of `bytes` those before `end`. Unsigned.
 */
export function crc32(bytes: Uint8Array, previous = 0, end = bytes.length): number {
  let crc = ~previous;
  for (let at = 0; at < end; at++) {
    // Both indexes are in range by construction: `at` by the loop, the table's by the mask.
    crc = (crc >>> 8) ^ (TABLE[(crc ^ (bytes[at] as number)) & 0xff] as number);
  }
  return ~crc >>> 0;
}

/** The CRC of `first` followed by `second`, from the CRCs of both and the length of the second in bytes. */
export function crc32Joined(first: number, second: number, secondBytes: number): number {
  let crc = first;
  // What inverting does at both ends cancels out: moving the first on by zeros is all there is to it (CRCs are linear).
  for (let left = secondBytes; left > 0; left--) crc = (crc >>> 8) ^ (TABLE[crc & 0xff] as number);
  return (crc ^ second) >>> 0;
}
