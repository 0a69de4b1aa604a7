import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

/** What the page of a bench computes before it draws, as the browser loads it: plain modules. */

type Points = readonly (readonly [number, number])[];
interface Lines {
  placeAt(points: Points, atUs: number): number;
  valueAt(points: Points, atUs: number): number | null;
  stepPath(
    points: Points,
    window: { from: number; to: number },
    x: (us: number) => number,
    y: (v: number) => number,
  ): string;
}
interface Texts {
  timeText(us: number, stepUs?: number): string;
  valueText(value: number, unit: string): string;
  roundTimes(from: number, to: number, wanted: number): { readonly times: readonly number[]; readonly step: number };
}
const load = async <Module>(name: string): Promise<Module> =>
  (await import(pathToFileURL(resolve('bench-page', name)).href)) as Module;
const { placeAt, valueAt, stepPath } = await load<Lines>('lines.js');
const { timeText, valueText, roundTimes } = await load<Texts>('text.js');

const POINTS: Points = [
  [0, 10],
  [100, 20],
  [200, 5],
];

describe('a line of the page', () => {
  it('holds each value until the next', () => {
    expect([-1, 0, 99, 100, 250].map((us) => placeAt(POINTS, us))).toEqual([-1, 0, 0, 1, 2]);
    expect([-1, 50, 200].map((us) => valueAt(POINTS, us))).toEqual([null, 10, 5]);
  });

  it('is drawn in steps, from what held where the window begins to its end', () => {
    const path = stepPath(
      POINTS,
      { from: 50, to: 150 },
      (us) => us,
      (value) => value,
    );
    expect(path).toBe('M50 10.0V10.0H100V20.0H150.0');
    expect(
      stepPath(
        POINTS,
        { from: -100, to: -50 },
        (us) => us,
        (value) => value,
      ),
    ).toBe('');
  });

  it('keeps what lasted less than a pixel', () => {
    const spike: Points = [
      [0, 10],
      [1000, 10],
      [1000.1, 90],
      [1000.2, 10],
      [2000, 10],
    ];
    const path = stepPath(
      spike,
      { from: 0, to: 2000 },
      (us) => us / 10,
      (value) => value,
    );
    expect(path).toContain('V90.0');
    const many: Points = Array.from({ length: 10_000 }, (_, index) => [index, index % 2] as const);
    expect(
      stepPath(
        many,
        { from: 0, to: 10_000 },
        (us) => us / 100,
        (value) => value,
      ).length,
    ).toBeLessThan(6_000);
  });
});

describe('a number of the page', () => {
  it('has a unit, and as many decimals as tell it from the next', () => {
    expect([timeText(1_208_200, 100), timeText(48_600, 100), timeText(250, 1), timeText(-100_000, 50_000)]).toEqual([
      ...['1.208 s', '48.6 ms', '250 µs', '−100 ms'],
    ]);
    expect([valueText(58.4375, 'degC'), valueText(-3, ''), valueText(40, '/ 255')]).toEqual([
      '58.438 degC',
      '−3',
      '40 / 255',
    ]);
  });

  it('has round ones for its axis', () => {
    expect(roundTimes(-100_000, 1_500_000, 9)).toEqual({
      ...{ step: 200_000, times: [0, 200_000, 400_000, 600_000, 800_000, 1_000_000, 1_200_000, 1_400_000] },
    });
  });
});
