import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DelimiterGuard } from '../../src/serial/session/delimiter-guard.js';
import { FrameCutter } from '../../src/serial/session/frame-cutter.js';

describe('R6: the guard before the delimiter parser', () => {
  it('hands on what has delimiters in time, untouched', () => {
    const guard = new DelimiterGuard(4, Uint8Array.of(0));
    const chunk = Buffer.from([1, 2, 3, 4, 0, 1, 2, 3, 4, 0]);
    expect(guard.pass(chunk)).toBe(chunk);
    expect(guard.overlongBytes).toBe(0);
  });

  it('cuts a run that is too long, wherever the chunks end, and goes on after its delimiter', () => {
    const stream = [0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 9, 0];
    for (let size = 1; size <= stream.length; size++) {
      const guard = new DelimiterGuard(4, Uint8Array.of(0));
      const passed: number[] = [];
      for (let at = 0; at < stream.length; at += size) {
        passed.push(...guard.pass(Buffer.from(stream.slice(at, at + size))));
      }
      expect(passed).toEqual([0, 1, 2, 3, 4, 5, 0, 0, 9, 0]);
      expect(guard.overlongBytes).toBe(3);
    }
  });

  it('R6: any delimiter, in whatever chunks: pieces in time are whole, longer ones are seen and held no further', () => {
    const letter = fc.integer({ min: 1, max: 3 });
    // One whose end is its begin would make another one with what stands before it.
    const isItsOwnEnd = (bytes: number[]) =>
      bytes.some((_, at) => at > 0 && bytes.slice(at).join('') === bytes.slice(0, bytes.length - at).join(''));
    const delimiters = fc.array(letter, { minLength: 1, maxLength: 3 }).filter((bytes) => !isItsOwnEnd(bytes));
    const chunks = fc.array(fc.array(letter, { maxLength: 12 }), { maxLength: 8 });
    fc.assert(
      fc.property(delimiters, chunks, fc.integer({ min: 1, max: 6 }), (delimiter, given, most) => {
        const cutter = new FrameCutter(most, Uint8Array.from(delimiter));
        const cut: string[] = [];
        cutter.frames.subscribe((piece) => cut.push([...piece].join('')));
        for (const chunk of given) cutter.push(Uint8Array.from(chunk));
        cutter.push(Uint8Array.from(delimiter));
        const whole = [...given.flat(), ...delimiter].join('').split(delimiter.join('')).slice(0, -1);
        const expected = whole.filter((piece) => piece !== '');
        expect(cut).toHaveLength(expected.length);
        for (const [at, piece] of cut.entries()) {
          if ((expected[at] ?? '').length <= most) expect(piece).toBe(expected[at]);
          else {
            expect(`${expected[at]}${delimiter.join('')}`.startsWith(piece)).toBe(true);
            expect(piece.length).toBeGreaterThan(most);
            expect(piece.length).toBeLessThanOrEqual(most + delimiter.length);
          }
        }
        const dropped = expected.join('').length - cut.join('').length;
        expect(cutter.overlongBytes).toBeGreaterThanOrEqual(dropped);
        expect(cutter.overlongBytes - dropped).toBeLessThan(expected.length * delimiter.length + 1);
      }),
      { numRuns: 1000 },
    );
  });
});
