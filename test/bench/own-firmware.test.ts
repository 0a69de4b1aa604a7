import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { listScenarios, runBench } from '#built/bench/run-bench.js';

const folder = mkdtempSync(join(tmpdir(), 'copycat-own-firmware-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const options = { seed: 3, inputs: 30, link: 'uno-16u2', folder } as const;

async function play(...scenarios: string[]) {
  const reports = await runBench({ ...options, scenarios });
  return reports.map(({ scenario, held, completed, drives, failures }) => ({
    scenario,
    held,
    completed,
    drives,
    failures,
  }));
}

/** One that held, and which boards drove the actuator. */
const held = (scenario: string, ...drives: string[]) => ({ scenario, held: true, completed: 30, drives, failures: [] });

describe('the bench with boards whose firmware knows nothing of pairs', () => {
  test('R2 R31: two Modbus slaves are polled and written as one, each write once, and one takes over from the other', async () => {
    expect(await play('modbus-poll', 'modbus-write', 'modbus-halted')).toEqual([
      held('modbus-poll', 'a'),
      held('modbus-write', 'a'),
      held('modbus-halted', 'a', 'b'),
    ]);
  });

  test('R15 R19 R25: a slave that restarts without a word, or loses what was written to it, is the one that leaves, and protects again', async () => {
    expect(await play('modbus-restarted', 'modbus-corrupts-register')).toEqual([
      held('modbus-restarted', 'a', 'b'),
      held('modbus-corrupts-register', 'a', 'b'),
    ]);
  });

  test('R2 R31: two boards that answer lines are one, and one takes over from the other', async () => {
    expect(await play('lines-steady', 'lines-halted')).toEqual([
      held('lines-steady', 'a'),
      held('lines-halted', 'a', 'b'),
    ]);
  });

  test('a star names several scenarios; there are none of these for another processor', async () => {
    await expect(play('modbus-none-*')).rejects.toMatchObject({ code: 'USAGE' });
    const names = (kind: string) => listScenarios(kind).map(({ name }) => name);
    expect(names('uno')).toContain('modbus-write');
    expect(names('mega2560')).not.toContain('modbus-write');
  });
});
