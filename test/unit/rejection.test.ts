import { expect, it } from 'vitest';
import { isRejected, reasonText } from '../../src/values/rejection.js';

const text = (said: string): Uint8Array => Buffer.from(said);

it.each([
  ['the words of the sketch', [text('too hot')], 'too hot'],
  ['a code', [Uint8Array.of(3)], 'code 3'],
  ['a code that is a letter', [Uint8Array.of(0x41)], 'code 65'],
  ['two bytes that may be a number', [Uint8Array.of(0x41, 0x42)], 'bytes 41 42'],
  ['bytes that are no text', [Uint8Array.of(0x41, 0x42, 0x00)], 'bytes 41 42 00'],
  ['bytes beyond ASCII', [Uint8Array.of(0x41, 0x42, 0x7f)], 'bytes 41 42 7f'],
  ['several parts, one of them empty', [text('too hot'), new Uint8Array(), Uint8Array.of(9)], 'too hot; code 9'],
  ['nothing', [new Uint8Array()], 'the sketch gave none'],
])('a rejection is told by %s', (_what, bodies, told) => {
  expect(reasonText(bodies)).toBe(told);
});

it('a result is a rejection as a whole', () => {
  expect(isRejected([])).toBe(false);
  expect(isRejected([{ rejected: false }])).toBe(false);
  expect(isRejected([{ rejected: false }, { rejected: true }])).toBe(true);
});
