import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { onBenchLines } from '../../src/bench/gateway-side/bench-lines.js';
import { loadConfig } from '../../src/config/load/load-config.js';

const folder = mkdtempSync(join(tmpdir(), 'copycat-bench-lines-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function relayOnBench(lines: string): string {
  const file = join(folder, 'pair.yaml');
  const board = '{ kind: uno, port: emulated, firmware: heater.hex }';
  const boards = `boards: { a: ${board}, b: ${board} }`;
  writeFileSync(file, `${boards}\ninput: every 100ms\ndeadline: 50ms\n${lines}\n`);
  const { kind, feedbacks } = onBenchLines(loadConfig(file)).relay;
  return `${kind}, ${feedbacks.length} feedback`;
}

it('an emulated pair that switches nothing has no relay on the bench either: no answer may speak of one', () => {
  expect(relayOnBench('relay: none\noutputs: none')).toBe('none, 0 feedback');
});

it('every other relay is the one of the bench, on its own lines', () => {
  expect(relayOnBench('relay: { pin: GPIO17, at-rest: a }')).toBe('changeover, 0 feedback');
  expect(relayOnBench('relay: { pin: GPIO17, at-rest: a, feedback: GPIO27 }')).toBe('changeover, 1 feedback');
  expect(relayOnBench('relay: emulated')).toBe('changeover, 1 feedback');
});
