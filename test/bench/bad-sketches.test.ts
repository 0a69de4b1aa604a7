import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ramOfImage } from '#built/bench/image/free-ram.js';
import { loadSubject } from '#built/bench/image/load-subject.js';
import { type BuiltSketch, buildSketches, hasArduinoCore } from '../../tools/arduino-build.mjs';

/** Sketches that do not work: the bench says by name what is wrong with each, and plays nothing. */

interface Parts {
  readonly setup?: string;
  readonly begun?: string;
  readonly onInput?: string;
  readonly loop?: string;
  readonly stateBytes?: number;
}

/** A sketch as it is right, and with one thing that is not. */
function sketch({
  setup = '',
  begun = '',
  onInput = 's.sum++;',
  loop = 'cc_poll();',
  stateBytes = 4,
}: Parts = {}): string {
  return `#include <Copycat.h>
struct { int32_t sum; uint8_t more[${stateBytes}]; } s;
void setup() {
  ${setup}
  cc_state(&s, sizeof s);
  cc_output(0, 9, CC_DIGITAL, LOW);
  cc_begin("bad", 1, onInput);
  ${begun}
}
void onInput(const cc_input *) { ${onInput} cc_write(0, s.sum & 1); }
void loop() { ${loop} }
`;
}

const SOMETIMES =
  'static unsigned long n; if (millis() - n > 900) { n = millis(); Serial.print("level "); Serial.println(n); }';

/** Its text, and the sentence of it: what was seen, and what to change. */
const BAD: Readonly<Record<string, readonly [text: string, seen: RegExp, change: string]>> = {
  neverPolls: [
    sketch({ loop: '' }),
    /restarts again and again: \d+ times .* before it said HELLO/,
    'cc_poll() in loop()',
  ],
  waitsInLoop: [
    sketch({ loop: 'cc_poll(); delay(5000);' }),
    /says HELLO and then blocks until its watchdog restarts it: \d+ times in/,
    'no delay()',
  ],
  waitsInInput: [
    sketch({ onInput: 's.sum++; delay(5000);' }),
    /blocks at its first input for so long that its watchdog restarts it/,
    'no delay()',
  ],
  waitsShortly: [sketch({ onInput: 's.sum++; delay(80);' }), /took \d+ ms for its first input/, 'look for delay()'],
  waitsInSetup: [
    sketch({ setup: 'delay(5000);' }),
    /says HELLO only 5\.\d s after its start/,
    'nothing slow before cc_begin()',
  ],
  neverReturns: [
    sketch({ onInput: 'if (++s.sum == 3) for (;;) continue;' }),
    /blocks at input 3 for so long that its watchdog restarts it/,
    'an onInput() that returns',
  ],
  printsAtInputs: [
    sketch({ onInput: 'Serial.println(++s.sum);' }),
    /prints on the line over which .*; got 1 2 3 4 5$/,
    'cc_log()',
  ],
  printsSometimes: [
    sketch({ loop: `cc_poll(); ${SOMETIMES}` }),
    /prints on the line over which .*; got level \d+/,
    'cc_log()',
  ],
  neverBegins: [
    'void setup() { Serial.begin(9600); }\nvoid loop() { Serial.println("level 3"); delay(500); }\n',
    /prints on its serial port and never says HELLO; got level 3/,
    'cc_begin()',
  ],
  blinks: [
    'void setup() { pinMode(13, OUTPUT); }\nvoid loop() { digitalWrite(13, millis() / 500 % 2); }\n',
    /never says HELLO, not in \d\.\d s of its own time/,
    'cc_begin()',
  ],
  jumps: [
    sketch({ loop: 'cc_poll(); asm("jmp 0");' }),
    /begins anew again and again without a reset: \d+ times/,
    'no jump to 0',
  ],
  deaf: [sketch({ begun: 'noInterrupts();' }), /keeps interrupts off/, 'interrupts() behind every noInterrupts()'],
  slowLine: [
    sketch({ begun: 'Serial.begin(9600);' }),
    /speaks at 9600 baud, and the gateway at 500000/,
    'no Serial.begin()',
  ],
  ownState: [
    sketch({ onInput: 's.sum++;', loop: 'cc_poll(); s.more[0]++;' }),
    /at its first input it stopped itself \(stateCorrupt\)/,
    'nobody but onInput() who writes into the state',
  ],
  largeState: [
    sketch({ stateBytes: 1270 }),
    /cannot run: its state and other variables take 20\d\d of 2048 bytes of RAM, and leave \d+ for the stack/,
    'a smaller state',
  ],
};
const LONGEST_S = 10;

const folder = mkdtempSync(join(tmpdir(), 'copycat-bad-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const images = new Map<string, BuiltSketch>();

beforeAll(() => {
  if (!hasArduinoCore()) return;
  const texts = { right: sketch(), ...Object.fromEntries(Object.entries(BAD).map(([name, [text]]) => [name, text])) };
  const sketches = Object.entries(texts).map(([name, text]) => {
    const file = join(folder, `${name}.ino`);
    writeFileSync(file, text);
    return { name, files: [file] };
  });
  for (const built of buildSketches({ board: 'uno', sketches, folder })) images.set(built.name, built);
});

function meet(name: string): void {
  loadSubject({ firmware: images.get(name)?.hex ?? '', configFile: null, kind: null, worldFile: null });
}

describe.skipIf(!hasArduinoCore())('a sketch that does not work', () => {
  it('is none that does', () => {
    expect(() => meet('right')).not.toThrow();
  });

  it.each(Object.keys(BAD))('%s: is told by name, with what to change', (name) => {
    const [, seen, change] = BAD[name] ?? ['', /^$/, ''];
    let said = '';
    let expected = '';
    try {
      meet(name);
    } catch (error) {
      const { code, message, value, expected: wanted } = error as Record<string, string | undefined>;
      expect(code).toBe('USAGE');
      said = `${message}${value === undefined ? '' : `; got ${value}`}`;
      expected = wanted ?? '';
    }
    expect(said).toMatch(seen);
    expect(expected).toContain(change);
    const seconds = Number(/ in (\d+\.\d) s/.exec(said)?.[1] ?? 0);
    expect(seconds).toBeLessThanOrEqual(LONGEST_S);
  });

  it('the variables of a program are read from the program', () => {
    const { hex = '', ramBytes = 0 } = images.get('right') ?? {};
    const ram = ramOfImage(readFileSync(hex, 'latin1'), 'atmega328p');
    // What avr-size counts besides is .noinit, which nobody sets to zero.
    const NOINIT_BYTES = 19;
    expect(ram?.variableBytes).toBe(ramBytes - NOINIT_BYTES);
    expect(ram?.stackBytes).toBe(2048 - (ram?.variableBytes ?? 0));
  });
});
