import { describe, expect, it } from 'vitest';
import { statesOf } from '../pi/kit/gpio-writes.js';

const write = (address: string, value: string, name = 'bcm2835_gpio'): string =>
  `memory_region_ops_write cpu 0 mr 0x5567f38a8410 addr 0x${address} value 0x${value} size 4 name '${name}'\n`;
const AT_REST = { isOutput: false, level: 0 } as const;

describe("the record of an emulated Pi's relay line", () => {
  it('the level that comes before the function is the first that the line shows', () => {
    const trace = write('3f20001c', '20000') + write('3f200004', '200000');
    expect(statesOf(17, trace, AT_REST)).toEqual([
      AT_REST,
      { isOutput: false, level: 1 },
      { isOutput: true, level: 1 },
    ]);
  });

  it('a glitch to the wrong side is in it, however short', () => {
    const trace = write('3f200004', '200000') + write('3f20001c', '20000');
    expect(statesOf(17, trace, AT_REST)).toContainEqual({ isOutput: true, level: 0 });
  });

  it('other lines, other devices and repeats are not', () => {
    const trace =
      write('3f20001c', '8000000') +
      write('3f200004', '1000000') +
      write('3f200004', '200000', 'pl011') +
      write('3f200028', '20000');
    expect(statesOf(17, trace, AT_REST)).toEqual([AT_REST]);
  });
});
