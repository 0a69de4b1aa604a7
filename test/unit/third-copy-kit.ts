/** A program of whole words, as Intel HEX: for boards that do what no sketch should. */
function hexOfWords(words: readonly number[]): string {
  const bytes = words.flatMap((word) => [word & 0xff, word >> 8]);
  const record = [bytes.length, 0, 0, 0, ...bytes];
  const sum = record.reduce((total, byte) => total + byte, 0);
  const text = [...record, -sum & 0xff].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `:${text}\n:00000001FF\n`;
}

/** `for (;;);` */
export const SPINNING = hexOfWords([0xcfff]);

/** Sends the same byte for ever, and never a delimiter: ldi r16, TXEN0; sts UCSR0B, r16; again: sts UDR0, r16; rjmp again. */
export const CHATTERING = hexOfWords([0xe008, 0x9300, 0x00c1, 0x9300, 0x00c6, 0xcffd]);
