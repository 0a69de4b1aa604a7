import { CopycatError } from '../../errors/copycat-error.js';

const MAX_SEQ = 0xffffffff;

/** An input as it is typed. Throws USAGE. */
export function inputNumber(text: string): number {
  const seq = Number(text);
  if (/^\d{1,10}$/.test(text) && seq >= 1 && seq <= MAX_SEQ) return seq;
  throw new CopycatError('USAGE', `${text} is no number of an input`, {
    value: text,
    expected: 'a number that inputs list shows',
  });
}
