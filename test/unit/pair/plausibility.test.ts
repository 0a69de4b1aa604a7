import { describe, expect, it } from 'vitest';
import type { Field } from '../../../src/pair/result/fields.js';
import { hasFields, implausible } from '../../../src/pair/result/plausibility.js';

const LEVEL: Field = {
  name: 'level',
  unit: 'mm',
  type: 'i16',
  part: 0,
  offset: 0,
  scale: 0.1,
  tolerance: 0,
  min: -10,
  max: 100,
  maxChangePerS: 20,
};

function level(tenths: number): { rejected: boolean; body: Uint8Array }[] {
  const body = new Uint8Array(2);
  new DataView(body.buffer).setInt16(0, tenths, true);
  return [{ rejected: false, body }];
}

const judge = (tenths: number, fields = [LEVEL]) => implausible(fields, level(tenths), null, 0);

describe('R19: a value that cannot be right', () => {
  it('is below its least or above its greatest value; the limits themselves are right', () => {
    expect(judge(-100)).toEqual([]);
    expect(judge(-101)).toMatchObject([{ field: 'level', unit: 'mm', limit: 'min', allowed: -10 }]);
    expect(judge(1000)).toEqual([]);
    expect(judge(1001)).toMatchObject([{ field: 'level', limit: 'max', allowed: 100 }]);
    expect(judge(1001)[0]?.value).toBeCloseTo(100.1);
    expect(judge(30_000, [{ ...LEVEL, min: null, max: null }])).toEqual([]);
    expect(judge(-1, [{ ...LEVEL, min: null }])).toEqual([]);
    expect(judge(1, [{ ...LEVEL, max: null }])).toEqual([]);
    expect(judge(-1, [{ ...LEVEL, min: 0 }])).toMatchObject([{ limit: 'min', allowed: 0 }]);
    expect(judge(1, [{ ...LEVEL, max: 0 }])).toMatchObject([{ limit: 'max', allowed: 0 }]);
  });

  it('has changed faster than it can, by the pair time since the last committed one', () => {
    const before = { parts: level(0), pairTimeMs: 1000 };
    const rate = (tenths: number, pairTimeMs: number) => implausible([LEVEL], level(tenths), before, pairTimeMs);
    expect(rate(200, 2000)).toEqual([]);
    expect(rate(201, 2000)).toMatchObject([{ limit: 'rate', allowed: 20 }]);
    expect(rate(201, 2000)[0]?.value).toBeCloseTo(20.1);
    expect(rate(-100, 1500)).toEqual([]);
    expect(rate(-100, 1499)).toMatchObject([{ limit: 'rate' }]);
    // Nothing is divided by nothing: within a millisecond a fiftieth of a step is allowed, which is none.
    expect(rate(0, 1000)).toEqual([]);
    expect(rate(1, 1000)).toMatchObject([{ limit: 'rate', value: 100 }]);
  });

  it('has no rate where nothing was committed before, or nothing that had it', () => {
    expect(judge(1000)).toEqual([]);
    const rejected = { parts: [{ rejected: true, body: new Uint8Array(2) }], pairTimeMs: 0 };
    expect(implausible([LEVEL], level(1000), rejected, 1)).toEqual([]);
    expect(
      implausible([{ ...LEVEL, maxChangePerS: null }], level(1000), { parts: level(0), pairTimeMs: 0 }, 1),
    ).toEqual([]);
    expect(hasFields([LEVEL], rejected.parts)).toBe(false);
    expect(hasFields([LEVEL], level(0))).toBe(true);
    expect(hasFields([], level(0))).toBe(false);
  });

  it('is one that its part is too short for; a rejection, an empty part and no part at all are answers without values', () => {
    const part = (bytes: number, rejected = false) => [{ rejected, body: new Uint8Array(bytes) }];
    expect(implausible([LEVEL], part(1), null, 0)).toEqual([
      { field: 'level', unit: 'mm', value: null, limit: 'missing', allowed: null },
    ]);
    expect(implausible([LEVEL], part(0), null, 0)).toEqual([]);
    expect(implausible([LEVEL], part(1, true), null, 0)).toEqual([]);
    expect(implausible([{ ...LEVEL, part: 1 }], level(0), null, 0)).toEqual([]);
    expect(implausible([{ ...LEVEL, part: 1 }], [...level(0), ...part(1)], null, 0)).toMatchObject([
      { limit: 'missing' },
    ]);
  });

  it('is no number, where it has limits', () => {
    const body = new Uint8Array(4);
    new DataView(body.buffer).setFloat32(0, Number.NaN, true);
    const parts = [{ rejected: false, body }];
    const volts: Field = { ...LEVEL, name: 'volts', type: 'f32', scale: 1 };
    expect(implausible([volts], parts, null, 0)).toMatchObject([{ field: 'volts', limit: 'not-a-number' }]);
    const free = { ...volts, min: null, max: null, maxChangePerS: null };
    expect(implausible([free], parts, null, 0)).toEqual([]);
    for (const limit of [{ min: 0 }, { max: 0 }, { maxChangePerS: 1 }]) {
      expect(implausible([{ ...free, ...limit }], parts, null, 0)).toMatchObject([{ limit: 'not-a-number' }]);
    }
    const now = { rejected: false, body: new Uint8Array(4) };
    // What follows a value that was none is not measured against it.
    expect(implausible([volts], [now], { parts, pairTimeMs: 0 }, 1)).toEqual([]);
    new DataView(now.body.buffer).setFloat32(0, Number.POSITIVE_INFINITY, true);
    const fast = { ...volts, min: null, max: null };
    expect(implausible([fast], [now], { parts: [now], pairTimeMs: 0 }, 1)).toEqual([]);
    expect(
      implausible([fast], [now], { parts: [{ ...now, body: new Uint8Array(4) }], pairTimeMs: 0 }, 1),
    ).toMatchObject([{ limit: 'rate' }]);
  });

  it('is told for each field by itself', () => {
    const second: Field = { ...LEVEL, name: 'low byte', type: 'u8', scale: 1, min: 0, max: 5, maxChangePerS: null };
    expect(implausible([LEVEL, second], level(1001), null, 0).map(({ field, limit }) => [field, limit])).toEqual([
      ['level', 'max'],
      ['low byte', 'max'],
    ]);
  });
});
