import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  HEATER_REPORT,
  HEATER_START,
  heaterDegrees,
  heaterPayload,
  heaterStateBytes,
  heaterStep,
} from '../../src/model-board/heater-reference.js';
import { crc32 } from '../../src/protocol/crc32.js';

/** Numerical Recipes' generator: the same inputs on every machine. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

interface TracedInput {
  readonly payload: Uint8Array;
  readonly adc: number;
}

function randomInputs(count: number, seed: number): TracedInput[] {
  const random = generator(seed);
  const whole = (lowest: number, highest: number) => lowest + Math.floor(random() * (highest - lowest + 1));
  return Array.from({ length: count }, () => {
    const kind = whole(0, 9);
    const adc = whole(-5, 1030);
    if (kind < 3) return { payload: Uint8Array.from({ length: whole(0, 3) }, () => whole(0, 255)), adc };
    if (kind === 3) return { payload: Uint8Array.from({ length: whole(5, 41) }, () => whole(0, 255)), adc };
    if (kind === 4) return { payload: HEATER_REPORT, adc };
    if (kind < 6) return { payload: heaterPayload(whole(-32768, 32767), whole(-32768, 32767)), adc };
    const setPoint = whole(600, 1500);
    return { payload: heaterPayload(setPoint, setPoint + whole(-90, 90)), adc };
  });
}

describe('the heater in TypeScript', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'copycat-heater-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('computes bit for bit what the firmware computes, over 10,000 random inputs', () => {
    const program = join(folder, 'heater-trace');
    const harness = join(import.meta.dirname, '../../firmware-harness');
    const sources = execFileSync('sh', ['-c', 'ls src/*.c apps/heater/*.c'], { cwd: harness, encoding: 'utf8' });
    const own = ['test/fake-board.c', 'test/programs/heater-trace.c'];
    execFileSync(
      'gcc',
      ['-std=gnu11', '-O1', '-Iinclude', '-Isrc', '-o', program, ...sources.trim().split('\n'), ...own],
      { cwd: harness },
    );
    const inputs = randomInputs(10_000, 1);
    const text = inputs.map(({ payload, adc }) => `${Buffer.from(payload).toString('hex') || '-'} ${adc}\n`).join('');
    const lines = execFileSync(program, { input: text, encoding: 'utf8' }).trim().split('\n');
    expect(lines).toHaveLength(inputs.length);
    let state = HEATER_START;
    let rejected = 0;
    let reports = 0;
    let levels = '0 1'; // the safe levels, until the first result that is acted on
    inputs.forEach((input, index) => {
      const step = heaterStep(state, input);
      state = step.state;
      if (step.rejected) rejected += 1;
      else if (step.parts.length > 1) reports += 1;
      else levels = `${state.duty} ${state.trip}`;
      const digest = crc32(heaterStateBytes(state));
      const expected = `x${step.parts.map((part) => Buffer.from(part).toString('hex')).join()} ${step.rejected ? 3 : 1} ${digest} ${levels}`;
      expect(lines[index], `input ${index}`).toBe(expected);
    });
    expect(rejected).toBeGreaterThan(500);
    expect(reports).toBeGreaterThan(500);
  });

  it('limits the converter and rounds to the nearest count', () => {
    expect([-1, 0, 204, 1023, 2000].map(heaterDegrees)).toEqual([0, 0, 798, 4000, 4000]);
  });

  it('trips at 120 degC and comes back by the next cooler input', () => {
    const warm = heaterStep(HEATER_START, { payload: heaterPayload(1600, 1000), adc: undefined }).state;
    const hot = heaterStep(warm, { payload: heaterPayload(1600, 1920), adc: undefined }).state;
    expect(hot).toEqual({ setPoint: 1600, duty: 0, trip: 1, integrator: 0 });
    expect(heaterStep(hot, { payload: heaterPayload(1600, 1919), adc: undefined }).state.trip).toBe(0);
  });

  it('refuses to guess a reading that was not recorded', () => {
    expect(() => heaterStep(HEATER_START, { payload: new Uint8Array(0), adc: undefined })).toThrow(RangeError);
  });
});
