import { setTimeout as pass } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { until } from '../until.js';
import { PosixHeater } from './posix-pair.js';

const heater = new PosixHeater();
afterEach(() => heater.dispose());

/** Longer than a board without a watchdog's food lives. */
const STANDSTILL_MS = 1500;

it('a board that is a process restarts when it hangs, and not when its machine lets it wait', async () => {
  const board = await heater.start(1);
  let said = '';
  board.process.stdout.on('data', (chunk: Buffer) => (said += chunk));
  const tell = (line: string): boolean => board.process.stdin.write(`${line}\n`);
  tell('source 0 1');
  await until(() => said.includes('ok source 0 1'));
  said = '';
  board.process.kill('SIGSTOP');
  await pass(STANDSTILL_MS);
  board.process.kill('SIGCONT');
  tell('source 0 2');
  await until(() => said.includes('ok source 0 2'));
  // A start shows the safe level of each output.
  expect(said).not.toContain('output');
  tell('halt');
  await until(() => said.includes('output'));
});
