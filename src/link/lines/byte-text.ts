/** A character is a byte. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** A byte is a character, as bytes may be no text at all. */
export function textOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

/** What a person has written. */
export function textBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

/** The same where it does not end so. */
export function withoutEnd(line: Uint8Array, end: Uint8Array): Uint8Array {
  const begin = line.length - end.length;
  const isEnded = begin >= 0 && end.every((byte, at) => line[begin + at] === byte);
  return isEnded ? line.subarray(0, begin) : line;
}
