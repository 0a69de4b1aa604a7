import { expect, it } from 'vitest';
import { mergeReadBacks, readBacksOf, readBackText } from '../../../src/ledger/read-back.js';

it('keeps what each board showed, and nothing of a board that told nothing', () => {
  const column = `${readBackText('a', [255, 0])}${readBackText('b', [])}${readBackText('third-1', [-1])}`.trim();
  expect(column).toBe('a=255,0 third-1=-1');
  expect(readBacksOf(column)).toEqual([
    { board: 'a', levels: [255, 0] },
    { board: 'third-1', levels: [-1] },
  ]);
  expect(readBacksOf('')).toEqual([]);
  expect(readBacksOf('a= b=x \uFFFD')).toEqual([]);
});

it.each([
  ['a=1', '', 'a=1'],
  ['', 'b=2', 'b=2'],
  ['a=1', 'a=9 b=2', 'a=1 b=2'],
])('of two files each board is kept once: %j and %j', (first, second, merged) => {
  expect(mergeReadBacks(first, second)).toBe(merged);
});
