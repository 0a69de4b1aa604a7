import type { Setting } from '../pair/result/messages.js';
import { crc32 } from '../protocol/crc32.js';

/** Of all that a board has answered of who it is, a character a byte: what two boards have in common. Null: nothing was asked. */
export function settingsHash(settings: readonly Setting[]): number | null {
  if (settings.length === 0) return null;
  const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
  return settings.reduce((crc, { answer }) => crc32(bytesOf(answer), crc32(Uint8Array.of(0), crc)), 0);
}
