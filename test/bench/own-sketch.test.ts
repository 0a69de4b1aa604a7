import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSubject } from '#built/bench/image/load-subject.js';
import { judgeSameInputs } from '#built/bench/replay/same-inputs.js';
import { runBench } from '#built/bench/run-bench.js';
import { buildSketches, hasArduinoCore } from '../../tools/arduino-build.mjs';
import { exampleSketch } from '../../tools/build-examples.mjs';

/** Sketches of somebody's own on the bench: `copycat bench --firmware FILE.hex`. */

const folder = mkdtempSync(join(tmpdir(), 'copycat-sketch-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The example as it is, and with a mistake that the porting guide warns of. */
const VARIANTS: Readonly<Record<string, (text: string) => string>> = {
  Blink: (text) => text,
  BlinkMillis: (text) => text.replace('isBlinking && !isLit', 'isBlinking && millis() / 250 % 2'),
  BlinkDirect: (text) => text.replace('cc_read(BUTTON)', 'digitalRead(BUTTON_PIN)'),
};
const images: Record<string, string> = {};

beforeAll(() => {
  if (!hasArduinoCore()) return;
  const [example = ''] = exampleSketch('BlinkButton').files;
  const text = readFileSync(example, 'utf8');
  const sketches = Object.entries(VARIANTS).map(([name, change]) => {
    const file = join(folder, `${name}.ino`);
    const changed = change(text);
    if (name !== 'Blink' && changed === text) throw new Error(`${name}: the example has not what is to be changed`);
    writeFileSync(file, changed);
    return { name, files: [file] };
  });
  for (const { name, hex } of buildSketches({ board: 'uno', sketches, folder })) images[name] = hex;
});

function subjectOf(name: string) {
  return loadSubject({ firmware: images[name] ?? '', configFile: null, kind: null, worldFile: null });
}

function verdictOn(name: string) {
  const { hex, mcu, pins, world, inputFields, resultFields } = subjectOf(name);
  return judgeSameInputs({ program: { hex, mcu }, pins, world, inputFields, resultFields, inputs: 80, seed: 1 });
}

describe.skipIf(!hasArduinoCore())('a sketch of one’s own on the bench', () => {
  it('R21: that is a function of what it is given is held to be one', () => {
    expect(verdictOn('Blink')).toMatchObject({ compared: 80, difference: null });
  });

  it.each([
    ['BlinkMillis', 'millis() left in'],
    ['BlinkDirect', 'a pin that is read without cc_read'],
  ])('R21: that is none is found before anything is made to fail: %s (%s)', (name) => {
    const { difference, hasStopped } = verdictOn(name);
    expect(hasStopped).toBe(false);
    expect(difference).toMatch(/^at input \d+ \(.*pair time \d+ ms.*\) two boards differ: /);
  });

  it('R10: is judged by a replay on one board alone, through a takeover and a restart', async () => {
    const sketch = subjectOf('Blink');
    expect(sketch.pins).toEqual({ duty: 13, trip: null, others: [] });
    const options = { seed: 5, inputs: 40, link: 'uno-16u2', folder: join(folder, 'runs'), sketch } as const;
    const reports = await runBench({ ...options, scenarios: ['primary-halts', 'primary-restarts'] });
    const seen = reports.map(({ scenario, failures, drives, completed }) => ({
      scenario,
      failures,
      drives,
      completed,
    }));
    expect(seen).toEqual([
      { scenario: 'primary-halts', failures: [], drives: ['a', 'b'], completed: 40 },
      { scenario: 'primary-restarts', failures: [], drives: ['a', 'b'], completed: 40 },
    ]);
    const refused = runBench({ ...options, scenarios: ['window-4'] });
    await expect(refused).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('with a window of 4'),
    });
  });
});
