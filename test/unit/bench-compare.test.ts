import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changedFields } from '../../src/bench/compare/changed-fields.js';
import { inExecutionOrder, type KeptInput } from '../../src/bench/compare/execution-order.js';
import { inputsInCsv } from '../../src/bench/compare/inputs-in-csv.js';
import { firstNames } from '../../src/bench/compare/names.js';
import { resultDifferences } from '../../src/bench/compare/result-differences.js';
import type { ReplayedInput } from '../../src/bench/replay/replay-board.js';

/** What two programs made of the same input, and the order in which recorded inputs were executed. */

const kept = (number: number, executionCount: number): KeptInput => {
  return { number, executionCount, payload: new Uint8Array(0), pairTimeMs: 0, observed: [], result: null };
};
const orderOf = (inputs: readonly KeptInput[]) => inExecutionOrder(inputs).map((input) => input?.number ?? null);

describe('recorded inputs', () => {
  it('R21: from a CSV file have as many readings as a board of any version may be given', () => {
    const folder = mkdtempSync(join(tmpdir(), 'copycat-readings-'));
    const names = Array.from({ length: 9 }, (_, place) => `s${place}`);
    const path = join(folder, 'in.csv');
    writeFileSync(path, `payload,${names.join(',')}\n01,${names.map((_, place) => place).join(',')}\n`);
    const sources = names.map((name) => ({ name, scale: 1, unit: '' }));
    const { inputs } = inputsInCsv(path, 'in.csv', { ...firstNames({}), input: [], sources });
    expect(inputs.map((input) => input?.observed)).toEqual([[0, 1, 2, 3, 4, 5, 6, 7]]);
    rmSync(folder, { recursive: true });
  });

  it('R3: are played in the order of execution, not of seq', () => {
    expect(orderOf([kept(4, 14), kept(1, 12), kept(2, 13), kept(3, 11)])).toEqual([3, 1, 2, 4]);
  });

  it('R25: begin anew where both boards did, whose counts are there already or far below', () => {
    expect(orderOf([kept(1, 1), kept(2, 2), kept(3, 1), kept(4, 2)])).toEqual([1, 2, null, 3, 4]);
    expect(orderOf([kept(1, 900), kept(2, 901), kept(3, 5), kept(4, 6)])).toEqual([1, 2, null, 3, 4]);
  });
});

const names = firstNames({
  result: [
    { name: 'duty', type: 'u8', offset: 0, scale: 1, unit: '/ 255' },
    { name: 'isOn', type: 'bool', offset: 1, scale: 1, unit: '' },
    { name: 'level', type: 'i16', offset: 2, scale: 0.5, unit: 'mm' },
  ],
  outputs: [{ name: 'heat', pin: 'D9', scale: 1, unit: '' }],
});
function result(body: readonly number[], more: Partial<ReplayedInput> = {}, rejected = false): ReplayedInput {
  return { parts: [{ body: Uint8Array.from(body), rejected }], digest: 7, observed: [], levels: [40], ...more };
}
const differencesOf = (old: ReplayedInput, fresh: ReplayedInput, comparesStates = true) =>
  resultDifferences(old, fresh, names, comparesStates).map(({ field, old: was, new: is, distanceText }) => [
    ...[field, was, is, distanceText],
  ]);

describe('two results of the same input', () => {
  it('are told apart by named fields, bytes without a name, outputs and state', () => {
    const one = result([40, 0, 4, 0, 9]);
    expect(differencesOf(one, one)).toEqual([]);
    expect(differencesOf(one, result([41, 1, 7, 0, 8], { digest: 8, levels: [41] }))).toEqual([
      ['result.duty', '40 / 255', '41 / 255', '1 / 255'],
      ['result.isOn', 'no', 'yes', null],
      ['result.level', '2.0 mm', '3.5 mm', '1.5 mm'],
      ['result.byte 4', '9', '8', '1'],
      ['outputs.heat', '40', '41', '1'],
      ['state', 'digest 00000007', 'digest 00000008', null],
    ]);
    expect(differencesOf(one, result([40, 0, 4, 0, 9], { digest: 8 }), false)).toEqual([]);
  });

  it('are told apart where one is a rejection, another length, or has another number of parts', () => {
    const one = result([40, 0, 4, 0]);
    expect(differencesOf(one, result([3], {}, true))).toEqual([['rejected', 'no', 'rejected: code 3', null]]);
    expect(differencesOf(result([4], {}, true), result([3], {}, true))).toEqual([
      ['rejected', 'rejected: code 4', 'rejected: code 3', null],
    ]);
    expect(differencesOf(one, result([40, 0]))).toEqual([
      ['result', 'duty 40 / 255, isOn no, level 2.0 mm', 'duty 40 / 255, isOn no', null],
    ]);
    const two = { ...one, parts: [...one.parts, ...one.parts] };
    expect(differencesOf(one, two)).toEqual([['parts', '1', '2', '1']]);
  });

  it('are counted by field, with the first of each and the largest distance', () => {
    const at = (input: number, from: number, to: number) => ({
      ...{ input, position: input, pairTimeMs: 0 },
      differences: resultDifferences(result([from, 0, 0, 0]), result([to, 0, 0, 0]), names, true),
    });
    expect(changedFields([at(5, 40, 41), at(9, 9, 2), at(11, 40, 41)])).toEqual([
      { field: 'result.duty', inputs: 3, first: 5, old: '40 / 255', new: '41 / 255', largest: '7 / 255' },
    ]);
  });
});
