/** Fewer printable bytes are taken for a number: a code of two bytes may look like two letters. */
const LEAST_TEXT_BYTES = 3;
const FIRST_PRINTABLE = 0x20;
const LAST_PRINTABLE = 0x7e;

/** The sketch would not have this input (cc_reject). It says so of the whole result: a board marks every part. */
export function isRejected(parts: readonly { readonly rejected: boolean }[]): boolean {
  return parts.some(({ rejected }) => rejected);
}

/**
 * Why, as far as the sketch has said (cc_reply before cc_reject): its words, `code 3`, or `bytes 03 00`; the wire has no
 * other place for it. A program reads the bytes.
 */
export function reasonText(bodies: readonly Uint8Array[]): string {
  const told = bodies.filter((body) => body.length > 0).map(wordsOf);
  return told.length === 0 ? 'the sketch gave none' : told.join('; ');
}

function wordsOf(body: Uint8Array): string {
  const isText = body.every((byte) => byte >= FIRST_PRINTABLE && byte <= LAST_PRINTABLE);
  if (isText && body.length >= LEAST_TEXT_BYTES) return String.fromCharCode(...body);
  if (body.length === 1) return `code ${body[0]}`;
  return `bytes ${Array.from(body, (byte) => byte.toString(16).padStart(2, '0')).join(' ')}`;
}
