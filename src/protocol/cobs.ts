const LONGEST_RUN = 254;

/** Encodes so that no byte is 0; the result is at most one byte in 254 longer, plus one. Delimiters are not added. */
export function cobsEncode(bytes: Uint8Array): Uint8Array {
  const encoded = new Uint8Array(bytes.length + Math.floor(bytes.length / LONGEST_RUN) + 1);
  let codeAt = 0;
  let end = 1;
  let run = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number; // in range by the loop
    if (byte !== 0) {
      encoded[end++] = byte;
      run++;
    }
    // A full run ends without a zero of its own, and begins another only when more bytes follow.
    if (byte === 0 || (run === LONGEST_RUN && at + 1 < bytes.length)) {
      encoded[codeAt] = run + 1;
      codeAt = end++;
      run = 0;
    }
  }
  encoded[codeAt] = run + 1;
  return encoded.subarray(0, end);
}

/** Undoes `cobsEncode`; undefined when a code points behind the end or there is a 0 inside. */
export function cobsDecode(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length === 0) return undefined;
  const decoded = new Uint8Array(bytes.length);
  let end = 0;
  let at = 0;
  while (at < bytes.length) {
    const code = bytes[at++] as number; // in range by the loop
    if (code === 0 || at + code - 1 > bytes.length) return undefined;
    for (let left = code - 1; left > 0; left--) {
      const byte = bytes[at++] as number; // in range by the check above
      if (byte === 0) return undefined;
      decoded[end++] = byte;
    }
    if (code <= LONGEST_RUN && at < bytes.length) decoded[end++] = 0;
  }
  return decoded.subarray(0, end);
}
