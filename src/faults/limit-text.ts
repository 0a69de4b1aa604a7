import type { StoredFault } from './stored-fault.js';

/** R19: which value could not be right, and what would have been: `heat was 120 %, and at most 100 % is plausible`. */
export function limitText({ evidence }: Pick<StoredFault, 'evidence'>): string {
  const { field, unit, value, limit, allowed } = evidence;
  const name = typeof field === 'string' ? field : 'a value';
  const inUnits = (number: typeof value, per = ''): string => {
    if (typeof number !== 'number') return 'an unknown value';
    const shown = Number(number.toPrecision(7));
    const named = `${typeof unit === 'string' ? unit : ''}${per}`;
    return named === '' ? String(shown) : `${shown} ${named}`;
  };
  switch (limit) {
    case 'min':
      return `${name} was ${inUnits(value)}, and at least ${inUnits(allowed)} is plausible`;
    case 'max':
      return `${name} was ${inUnits(value)}, and at most ${inUnits(allowed)} is plausible`;
    case 'rate':
      return `${name} changed by ${inUnits(value, '/s')}, and at most ${inUnits(allowed, '/s')} is plausible`;
    case 'missing':
      return `the result was too short for ${name}`;
    case 'not-a-number':
      return `${name} was no number`;
    default:
      return `${name} was not plausible`;
  }
}
