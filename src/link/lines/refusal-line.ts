import { bytesOf, joined, textBytes } from './byte-text.js';

/**
 * What is said, in the words of the boards' protocol, of a line that is not given to a board.
 *
 * @param refusal its words, in which each REASON stands for why; empty: nothing is said
 * @param delimiter ends a line; a character is a byte
 */
export function refusalLine(refusal: string, delimiter: string, reason: string): Uint8Array {
  if (refusal === '') return new Uint8Array(0);
  return joined(textBytes(refusal.replaceAll('REASON', reason)), bytesOf(delimiter));
}
