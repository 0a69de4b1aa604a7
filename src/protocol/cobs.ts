const LONGEST_RUN = 254;

/**
 * The first `length` of `bytes` as they go on the wire: a delimiter, then so that no byte is 0 and at most one byte in 254 longer,
 * plus one, and a delimiter.
 */
export function cobsEncode(bytes: Uint8Array, length = bytes.length): Uint8Array {
  const encoded = new Uint8Array(length + Math.floor(length / LONGEST_RUN) + 3);
  let codeAt = 1;
  let end = 2;
  let run = 0;
  for (let at = 0; at < length; at++) {
    const byte = bytes[at] as number; // in range by the loop
    if (byte !== 0) {
      encoded[end++] = byte;
      run++;
    }
    // A full run ends without a zero of its own, and begins another only when more bytes follow.
    if (byte === 0 || (run === LONGEST_RUN && at + 1 < length)) {
      encoded[codeAt] = run + 1;
      codeAt = end++;
      run = 0;
    }
  }
  encoded[codeAt] = run + 1;
  return end + 1 === encoded.length ? encoded : encoded.subarray(0, end + 1);
}

/**
 * Undoes it for what stands between two delimiters: writes to `decoded`, which is at least as long as `bytes`, and gives how many they
 * are. Null when a code points behind the end, when there is a 0 inside, and of nothing.
 */
export function cobsDecode(bytes: Uint8Array, decoded: Uint8Array): number | null {
  const { length } = bytes;
  if (length === 0) return null;
  let end = 0;
  let at = 0;
  while (at < length) {
    const code = bytes[at++] as number; // in range by the loop
    if (code === 0 || at + code - 1 > length) return null;
    for (let left = code - 1; left > 0; left--) {
      const byte = bytes[at++] as number; // in range by the check above
      if (byte === 0) return null;
      decoded[end++] = byte;
    }
    if (code <= LONGEST_RUN && at < length) decoded[end++] = 0;
  }
  return end;
}
