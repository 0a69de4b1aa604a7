import { describe, expect, it } from 'vitest';
import { History } from '../../../src/console/page/model/history.js';
import { isOld, valueRowsOf } from '../../../src/console/page/model/values.js';
import { Steady } from '../../../src/console/page/text/steady.js';
import { lengthText, stepText } from '../../../src/console/page/text/times.js';
import { boardWith, statusWith } from './kit.js';

const live = (seq: number, duty: number, ageMs = 10) => ({
  seq,
  ageMs,
  values: [{ name: 'duty', value: duty, unit: '%' }],
});

describe('values of both boards', () => {
  const rows = (seqA: number, dutyA: number, seqB: number, dutyB: number) =>
    valueRowsOf(
      statusWith({
        boards: [boardWith('a', { live: live(seqA, dutyA) }), boardWith('b', { live: live(seqB, dutyB) })],
      }),
    );

  it('stand beside one another by name, and differ where those of one input do', () => {
    expect(rows(7, 40, 7, 41)).toMatchObject([{ name: 'duty', unit: '%', differs: true }]);
    expect(rows(7, 40, 7, 40)).toMatchObject([{ differs: false }]);
  });

  it('are not held against each other where they are of two inputs', () => {
    expect(rows(8, 40, 7, 41)).toMatchObject([{ differs: false }]);
  });

  it('are grouped: outputs, sensors, results; two sensors may read a little differently', () => {
    const readings = (value: number) => [{ name: 'temperature', value, unit: 'degC' }];
    const outputs = [{ name: 'heat', value: 1, unit: '' }];
    const boards = [
      boardWith('a', { live: { ...live(7, 40), outputs, readings: readings(59.9) } }),
      boardWith('b', { live: { ...live(7, 40), outputs, readings: readings(60.1) } }),
    ];
    expect(valueRowsOf(statusWith({ boards })).map(({ key, differs }) => [key, differs])).toEqual([
      ['outputs heat', false],
      ['readings temperature', false],
      ['values duty', false],
    ]);
  });

  it('are old where their board has said nothing for long', () => {
    expect(isOld(boardWith('a', { live: live(7, 40, 60_000) }))).toBe(true);
    expect(isOld(boardWith('a', { live: live(7, 40) }))).toBe(false);
    expect(isOld(boardWith('a'))).toBe(true);
  });
});

describe('what is kept for a plot', () => {
  it('is two minutes, and a gap where a board said nothing', () => {
    const history = new History(['a', 'b']);
    for (let second = 0; second <= 200; second++)
      history.add(second, 'duty', (board) => (board === 'a' ? second : undefined));
    const trace = history.of('duty');
    expect(trace?.times[0]).toBe(80);
    expect(trace?.times.at(-1)).toBe(200);
    expect(trace?.columns.get('a')?.at(-1)).toBe(200);
    expect(new Set(trace?.columns.get('b'))).toEqual(new Set([null]));
  });

  it('has bounds in points and in fields, however much is said', () => {
    const history = new History(['a']);
    for (let point = 0; point < 5000; point++) history.add(point / 1000, 'duty', () => point);
    expect(history.of('duty')?.times.length).toBe(600);
    expect(history.of('duty')?.columns.get('a')?.length).toBe(600);
    for (let field = 0; field < 100; field++) history.add(0, `field ${field}`, () => true);
    expect(history.of('field 5')?.columns.get('a')).toEqual([1]);
    expect(history.of('field 99')).toBeNull();
  });
});

describe('numbers that do not jump', () => {
  it('keep the decimals and the room that they once needed', () => {
    const steady = new Steady();
    expect(steady.of('t', 38.9, 'yes', 'no')).toEqual({ text: '38.9', characters: 4 });
    expect(steady.of('t', 39, 'yes', 'no')).toEqual({ text: '39.0', characters: 4 });
    expect(steady.of('t', 101.25, 'yes', 'no').text).toBe('101.25');
    expect(steady.of('t', 9, 'yes', 'no')).toEqual({ text: '9.00', characters: 6 });
    expect(steady.of('door', false, 'yes', 'no')).toEqual({ text: 'no', characters: 3 });
    expect(steady.of('gone', null, 'yes', 'no').text).toBe('–');
  });

  it('have no more than three decimals, and thousands apart', () => {
    expect(new Steady().of('x', 1 / 3, 'yes', 'no').text).toBe('0.333');
    expect(new Steady().of('x', 1234567, 'yes', 'no').text).toBe('1\u00a0234\u00a0567');
  });
});

describe('lengths of time', () => {
  it.each([
    [-5, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [7_800_000, '2 h 10 min'],
    [7_200_000, '2 h'],
    [259_200_000, '3 days'],
  ])('%d ms is %s', (ms, text) => expect(lengthText(ms)).toBe(text));

  it.each([
    [0, '0.0 ms'],
    [12.34, '12.3 ms'],
    [1234, '1.23 s'],
    [197_000, '3 min'],
  ])('a step after %d ms is after %s', (ms, text) => expect(stepText(ms)).toBe(text));
});
