import fc, { constantFrom, double, integer, oneof, property, record, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareResults, differenceText } from '../../../src/pair/result/compare.js';
import { type Field, isWithin, readField, sizeOf } from '../../../src/pair/result/fields.js';
import type { RawType } from '../../../src/values/raw-value.js';
import { valueText } from '../../../src/values/value-text.js';
import { field } from './fixture/field.js';

const part = (...bytes: number[]) => ({ rejected: false, body: new Uint8Array(bytes) });
const whole = (parts: readonly { rejected: boolean; body: Uint8Array }[], digest = 7) => ({ parts, digest });

const RANGES: Readonly<Record<Exclude<RawType, 'f32' | 'bool'>, readonly [number, number]>> = {
  u8: [0, 0xff],
  i8: [-0x80, 0x7f],
  u16: [0, 0xffff],
  i16: [-0x8000, 0x7fff],
  u32: [0, 0xffff_ffff],
  i32: [-0x8000_0000, 0x7fff_ffff],
};

/** Two's complement, low byte first, as the firmware's cc_put_u16 and cc_put_u32 write it. */
function written(raw: number, bytes: number): number[] {
  const unsigned = raw < 0 ? raw + 2 ** (8 * bytes) : raw;
  return Array.from({ length: bytes }, (_, place) => Math.floor(unsigned / 256 ** place) % 256);
}

const whichInteger = constantFrom(...(Object.keys(RANGES) as (keyof typeof RANGES)[])).chain((type) =>
  record({ type: constantFrom(type), raw: integer({ min: RANGES[type][0], max: RANGES[type][1] }) }),
);

describe('reading a field', () => {
  it('gives back what was written at its place, whatever stands around it', () => {
    fc.assert(
      property(
        whichInteger,
        uint8Array({ maxLength: 9 }),
        uint8Array({ maxLength: 9 }),
        integer({ min: 0, max: 3 }),
        ({ type, raw }, before, after, index) => {
          const at = field({ type, part: index, offset: before.length });
          const parts = [
            ...Array.from({ length: index }, () => part()),
            part(...before, ...written(raw, sizeOf(at)), ...after),
          ];
          expect(readField(parts, at)).toBe(raw);
          expect(readField(parts, { ...at, scale: 0.5 })).toBe(raw / 2);
        },
      ),
    );
  });

  it('gives back a float and a yes or no', () => {
    const body = new Uint8Array(5);
    new DataView(body.buffer).setFloat32(1, -2.5, true);
    const parts = [{ rejected: false, body }];
    expect(readField(parts, field({ type: 'f32', offset: 1 }))).toBe(-2.5);
    expect(readField([part(0, 1, 2)], field({ type: 'bool' }))).toBe(0);
    expect(readField([part(0, 1, 2)], field({ type: 'bool', offset: 1 }))).toBe(1);
    expect(readField([part(0, 1, 2)], field({ type: 'bool', offset: 2 }))).toBe(1);
  });

  it('gives nothing where the result does not have it: no such part, too short by a byte, or a rejection', () => {
    const wide = field({ type: 'u32', offset: 1 });
    expect(readField([part(1, 2, 3, 4, 5)], wide)).toBe(0x0504_0302);
    expect(readField([part(1, 2, 3, 4)], wide)).toBeNull();
    expect(readField([part(1, 2, 3, 4, 5)], { ...wide, part: 1 })).toBeNull();
    expect(readField([{ ...part(1, 2, 3, 4, 5), rejected: true }], wide)).toBeNull();
  });

  it('is told with its unit and as many decimals as one step needs', () => {
    expect(valueText(62.5, { scale: 0.5, unit: '%' })).toBe('62.5 %');
    expect(valueText(60, { scale: 0.5, unit: '%' })).toBe('60.0 %');
    expect(valueText(3 * 0.1, { scale: 0.1, unit: '' })).toBe('0.3');
    expect(valueText(60.0625, { scale: 0.0625, unit: 'degC' })).toBe('60.0625 degC');
    expect(valueText(120, { scale: 10, unit: 'ms' })).toBe('120 ms');
    expect(valueText(250 * (250 / 1023), { scale: 250 / 1023, unit: 'degC' })).toBe('61.1 degC');
    expect(valueText(Math.fround(0.1), { scale: null, unit: 'V' })).toBe('0.1 V');
    expect(valueText(60.5, { scale: 0.0625, unit: '' })).toBe('60.5');
    expect(valueText(10.1025, { scale: 0.0025, unit: '' })).toBe('10.1025');
    expect(valueText(3e-7, { scale: 1e-7, unit: 'F' })).toBe('0.0000003 F');
    expect(valueText(null, { scale: 1, unit: 'V' })).toBe('nothing');
  });
});

describe('comparing field by field', () => {
  const HEAT = field({ offset: 1, scale: 0.5, tolerance: 1 });
  const FLOW = field({ name: 'flow', unit: 'l/s', type: 'i16', offset: 2, tolerance: 0 });
  const fields = [HEAT, FLOW];

  it('R20: a named field may differ by its tolerance, and then the digest is not compared', () => {
    const ours = whole([part(9, 100, 5, 0, 3)], 1);
    const at = (raw: number, digest: number) => compareResults(ours, whole([part(9, raw, 5, 0, 3)], digest), fields);
    expect(at(100, 1)).toEqual({ verdict: 'match', within: 'exactly' });
    expect(at(102, 2)).toEqual({ verdict: 'match', within: 'tolerance' });
    expect(at(98, 1)).toEqual({ verdict: 'match', within: 'tolerance' });
    expect(at(103, 1)).toMatchObject({ verdict: 'mismatch', where: 'body', part: 0 });
    expect(at(97, 1)).toMatchObject({ verdict: 'mismatch', where: 'body', part: 0 });
  });

  it('R20: a tolerance stays what it is for great values, and holds for two zeros', () => {
    expect([isWithin(4e9, 4e9 + 1, 0.5), isWithin(4e9, 4e9 + 1, 1)]).toEqual([false, true]);
    expect([isWithin(0, 0.1, 0.1), isWithin(-0.1, 0.1, 0.1), isWithin(0, -0, 0)]).toEqual([true, false, true]);
    const { POSITIVE_INFINITY: most, NEGATIVE_INFINITY: least } = Number;
    expect([isWithin(most, least, 1), isWithin(most, most, 1), isWithin(1, most, 1)]).toEqual([false, false, false]);
  });

  it('R20: without a tolerance two zeros of a float are two values', () => {
    const zero = field({ name: 'volts', unit: 'V', type: 'f32' });
    const verdict = compareResults(whole([part(0, 0, 0, 0)]), whole([part(0, 0, 0, 0x80)]), [zero]);
    if (verdict.verdict === 'match') throw new Error('a difference passed');
    expect(verdict.differences).toEqual([{ field: 'volts', unit: 'V', scale: null, committed: 0, other: -0 }]);
    expect(verdict.differences[0]?.scale).toBeNull();
  });

  it('R20: a tolerance is that of its own part, and not of a part that is too short for it', () => {
    const wide = field({ type: 'u32', offset: 1, tolerance: 1000 });
    const other = compareResults(whole([part(0, 1), part(1, 2)]), whole([part(0, 1), part(1, 3)]), [HEAT]);
    expect(other).toMatchObject({ verdict: 'mismatch', part: 1, differences: [{ field: 'byte 1 of part 1' }] });
    const short = compareResults(whole([part(9, 1, 2)]), whole([part(9, 1, 3)]), [wide]);
    expect(short).toMatchObject({ verdict: 'mismatch', differences: [{ field: 'byte 2' }] });
  });

  it('R20: what only goes on longer is another result', () => {
    expect(compareResults(whole([part(1)]), whole([part(1, 2)]), []).verdict).toBe('mismatch');
    expect(compareResults(whole([part(1, 2)]), whole([part(1)]), []).verdict).toBe('mismatch');
  });

  it('R18, R20: the digest counts with every result, unless a field has a tolerance', () => {
    const parts = [part(9, 100, 5, 0)];
    const compared = (named: readonly Field[]) => compareResults(whole(parts, 1), whole(parts, 2), named);
    const state = { verdict: 'mismatch', where: 'state', part: null, differences: [] };
    expect(compared([])).toEqual(state);
    expect(compared(fields.map((one) => ({ ...one, tolerance: 0 })))).toEqual(state);
    expect(compared(fields)).toEqual({ verdict: 'match', within: 'exactly' });
  });

  it('R20: a tolerance is one of units, and its steps are those of the scale', () => {
    const tenths = field({ scale: 0.1, tolerance: 0.1 });
    for (let raw = 0; raw < 250; raw++) {
      const verdict = (by: number) => compareResults(whole([part(raw)]), whole([part(raw + by)]), [tenths]).verdict;
      expect([verdict(1), verdict(2)]).toEqual(['match', 'mismatch']);
    }
  });

  it('R20: tolerances are symmetric', () => {
    const any = record({
      heat: integer({ min: 0, max: 255 }),
      flow: integer({ min: 0, max: 1 }),
      rest: integer({ min: 0, max: 1 }),
    }).map(({ heat, flow, rest }) => whole([part(rest, heat, flow, 0)]));
    fc.assert(
      property(any, any, double({ min: 0, max: 30, noNaN: true }), (one, other, tolerance) => {
        const by = [{ ...HEAT, tolerance }, FLOW];
        const there = compareResults(one, other, by);
        const back = compareResults(other, one, by);
        expect({ ...back, differences: [] }).toEqual({ ...there, differences: [] });
        if (there.verdict === 'match' || back.verdict === 'match') return;
        const turned = back.differences.map((found) => ({ ...found, committed: found.other, other: found.committed }));
        expect(turned).toEqual(there.differences);
      }),
    );
  });

  it('R20: one byte more or less outside the fields with a tolerance is a mismatch', () => {
    fc.assert(
      property(
        uint8Array({ minLength: 8, maxLength: 8 }),
        integer({ min: 0, max: 7 }),
        integer({ min: 1, max: 255 }),
        integer({ min: 0, max: 255 }),
        (body, place, flip, heat) => {
          if (place === HEAT.offset) return;
          const other = body.slice();
          other[HEAT.offset] = heat;
          other[place] = (other[place] ?? 0) ^ flip;
          const boundless = [{ ...HEAT, tolerance: 1000 }, FLOW];
          const verdict = compareResults(whole([part(...body)]), whole([part(...other)]), boundless);
          if (verdict.verdict === 'match') throw new Error('a difference passed');
          expect(verdict.differences.map((found) => found.field)).toEqual([
            place === 2 || place === 3 ? 'flow' : `byte ${place}`,
          ]);
        },
      ),
    );
  });

  it('tells each difference by name, value and unit where a field covers the place, and else by the place', () => {
    const ours = whole([part(9, 125, 5, 0, 1), part(4)]);
    const verdict = compareResults(ours, whole([part(8, 120, 6, 1, 1), part(5)]), fields);
    if (verdict.verdict === 'match') throw new Error('differences passed');
    expect(verdict).toMatchObject({ where: 'body', part: 0 });
    expect(verdict.differences).toMatchObject([
      { field: 'heat', unit: '%', committed: 62.5, other: 60 },
      { field: 'flow', unit: 'l/s', committed: 5, other: 262 },
      { field: 'byte 0', unit: '', committed: 9, other: 8 },
      { field: 'byte 0 of part 1', unit: '', committed: 4, other: 5 },
    ]);
    expect(differenceText(verdict.differences, 'a', 'b')).toBe(
      'heat: 62.5 % (board a) against 60.0 % (board b); flow: 5 l/s (board a) against 262 l/s (board b); ' +
        'byte 0: 9 (board a) against 8 (board b); byte 0 of part 1: 4 (board a) against 5 (board b)',
    );
  });

  it('tells of a first difference in a later part, and of no more than eight', () => {
    const later = compareResults(whole([part(1), part(1)]), whole([part(1), part(2)]), []);
    expect(later).toMatchObject({ where: 'body', part: 1 });
    const many = compareResults(whole([part(...Array(20).fill(1))]), whole([part(...Array(20).fill(2))]), []);
    if (many.verdict === 'match') throw new Error('differences passed');
    expect(many.differences).toHaveLength(8);
    const number = compareResults(whole([part(1)]), whole([part(1), part(1)]), []);
    expect(number).toEqual({ verdict: 'mismatch', where: 'parts', part: null, differences: [] });
  });

  it('R20: a result of another length is another result, however alike its fields are', () => {
    const verdict = compareResults(whole([part(9, 100, 5, 0)]), whole([part(9, 101, 5)]), fields);
    if (verdict.verdict === 'match') throw new Error('a shorter result passed');
    expect(verdict.differences).toMatchObject([
      { field: 'length', unit: 'bytes', committed: 4, other: 3 },
      { field: 'heat', committed: 50, other: 50.5 },
      { field: 'byte 3', committed: 0, other: null },
    ]);
  });

  it('R20: a rejection has no fields, and is another result than an answer with the same bytes', () => {
    const rejected = (...bytes: number[]) => ({ ...part(...bytes), rejected: true });
    const verdict = compareResults(whole([rejected(9, 100)]), whole([rejected(9, 101)]), fields);
    expect(verdict).toMatchObject({ where: 'body', differences: [{ field: 'byte 1' }] });
    const flag = compareResults(whole([rejected(9, 100)]), whole([part(9, 100)]), fields);
    expect(flag).toMatchObject({ where: 'body', differences: [{ field: 'rejected', committed: 1, other: 0 }] });
  });

  it('R20: no number that is none is within a tolerance', () => {
    const volts = field({ name: 'volts', type: 'f32', tolerance: 1e9 });
    const of = (value: number) => {
      const body = new Uint8Array(4);
      new DataView(body.buffer).setFloat32(0, value, true);
      return whole([{ rejected: false, body }]);
    };
    expect(compareResults(of(1), of(2), [volts]).verdict).toBe('match');
    expect(compareResults(of(Number.NaN), of(2), [volts]).verdict).toBe('mismatch');
    expect(compareResults(of(2), of(Number.NaN), [volts]).verdict).toBe('mismatch');
    expect(compareResults(of(Number.POSITIVE_INFINITY), of(2), [volts]).verdict).toBe('mismatch');
    // The same bytes are the same bytes.
    expect(compareResults(of(Number.NaN), of(Number.NaN), [volts])).toEqual({ verdict: 'match', within: 'exactly' });
    fc.assert(
      property(oneof(double(), constantFrom(Number.NaN)), double({ noNaN: true }), (one, other) => {
        const far = Math.abs(Math.fround(one) - Math.fround(other)) > 1e9 + 1e3 || Number.isNaN(one);
        if (far) expect(compareResults(of(one), of(other), [volts]).verdict).toBe('mismatch');
      }),
    );
  });
});
