import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { loadHex } from '#built/emulator/hex.js';
import { hasArduinoCore } from '../../tools/arduino-build.mjs';

/** copycat build, as somebody types it, with the compilers that are installed here. */

const MAIN = resolve('dist/cli/main.js');
const EXAMPLES = resolve('firmware-harness/examples');
const CORE = '/usr/share/arduino/hardware/arduino/avr';
const folders: string[] = [];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-build-test-'));
  folders.push(folder);
});
afterAll(() => {
  for (const one of folders) rmSync(one, { recursive: true, force: true });
});

function put(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

/** What `copycat WORDS` says on both of its outputs, and its exit code. */
function copycat(words: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', ...env },
  });
  return { status, stdout, stderr };
}

const PLAIN = `#include "pins.h"
#include <Wire.h>
void setup() { Wire.begin(); pinMode(PUMP, OUTPUT); }
void loop() {
  Reading reading = take(A0);
  digitalWrite(PUMP, reading.level < LIMIT);
  delay(100);
}
`;

function putPlain(change = (text: string): string => text): void {
  put('pump/pump.ino', change(PLAIN));
  put('pump/pins.h', 'struct Reading { int level; };\nextern const int PUMP, LIMIT;\n');
  put('pump/pins.cpp', '#include "pins.h"\nconst int PUMP = 9, LIMIT = 300;\n');
  put('pump/readings.ino', 'Reading take(int pin) {\n  return {analogRead(pin)};\n}\n');
}

describe.skipIf(!hasArduinoCore())('copycat build', () => {
  it('builds an example: the image beside whoever asked, and what it takes of the board', () => {
    const { status, stdout, stderr } = copycat(['build', join(EXAMPLES, 'Valve')]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [, flash, ours] = /flash +(\d+) +\d+ % of 32256 +(\d+) \(\d+ %\)/.exec(stdout) ?? [];
    expect(stdout).toMatch(/RAM +\d+ +\d+ % of 2048 +\d+ \(\d+ %\)/);
    expect(stdout).toContain('bench --firmware Valve.hex');
    const program = loadHex(readFileSync(join(folder, 'Valve.hex'), 'latin1'), 32_768);
    expect(program.findLastIndex((byte) => byte !== 0xff) + 1).toBe(Number(flash));
    // The sketch's own few lines, and what the core needs to start at all.
    expect(Number(flash) - Number(ours)).toBeLessThan(1500);
    expect(Number(ours)).toBeLessThan(Number(flash));
  });

  it('builds a plain sketch of several files with a library of the core, for another board and another file', () => {
    putPlain();
    const { status, stdout, stderr } = copycat(['build', 'pump', '--board', 'mega2560', '-o', 'out.hex', '--json']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      sketch: 'pump/pump.ino',
      board: 'mega2560',
      image: 'out.hex',
      flash: { of: 253_952, copycatBytes: 0 },
      ram: { of: 8192 },
      libraries: ['Wire'],
      warnings: '',
    });
    expect(existsSync(join(folder, 'out.hex'))).toBe(true);
    expect(existsSync(join(folder, 'pump.hex'))).toBe(false);
  });

  it.each([
    [
      'a mistake',
      'pump/pump.ino',
      (text: string) => text.replace('delay(', 'dealy('),
      /^pump\/pump\.ino:7:\d+: error: 'dealy'/m,
    ],
    [
      'what no file has',
      'pump/pump.ino',
      (text: string) => `int gone();\n${text.replace('100', 'gone()')}`,
      /^pump\/pump\.ino:1: error: ‘gone\(\)’ is used, and no file of the sketch has it$/m,
    ],
    [
      'a library that is not there',
      'pump/pump.ino',
      (text: string) => text.replace('Wire.h', 'Nowhere.h'),
      /^copycat: .* no library has Nowhere\.h/m,
    ],
  ])('shows %s with the file and the line of the sketch', (_, file, change, said) => {
    putPlain(change);
    const { status, stdout, stderr } = copycat(['build', 'pump']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(said);
    expect(stderr).toContain(`copycat: ${file} was not built`);
    expect(stderr).not.toContain(tmpdir());
    expect(existsSync(join(folder, 'pump.hex'))).toBe(false);
  });

  it('shows a mistake in another .ino, in a source and in a header of the sketch with their lines', () => {
    putPlain();
    put('pump/readings.ino', '\n\nReadnig take(int pin) { return {analogRead(pin)}; }\n');
    expect(copycat(['build', 'pump']).stderr).toMatch(/^pump\/readings\.ino:3:\d+: error: 'Readnig'/m);
    putPlain();
    put('pump/pins.cpp', '\nint f() { return none; }\n');
    expect(copycat(['build', '.'], {}).stderr).toContain('no .ino file');
    expect(copycat(['build', 'pump/pump.ino']).stderr).toMatch(/^pump\/pins\.cpp:2:\d+: error: 'none'/m);
    putPlain();
    put('pump/pins.h', 'struct Reading { itn level; };\n');
    expect(copycat(['build', 'pump']).stderr).toMatch(/^pump\/pins\.h:1:\d+: error: 'itn'/m);
  });

  it('refuses a state that is more than the board can hold, and takes what the compiler is told', () => {
    put('big/big.ino', 'volatile char s[SIZE];\nvoid setup() { s[0] = 1; }\nvoid loop() { }\n');
    const { status, stderr } = copycat(['build', 'big', '-D', 'SIZE=2100']);
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^copycat: the variables of big\/big\.ino take 21\d\d bytes: more RAM than a board of kind uno/,
    );
    expect(existsSync(join(folder, 'big.hex'))).toBe(false);
  });

  it('lists what has to change for a pair, line by line, and plays nothing that is no program of a pair', () => {
    putPlain();
    const { stdout } = copycat(['build', 'pump']);
    expect(stdout.match(/^ {2}pump\/.*? — /gm)).toEqual([
      '  pump/pump.ino:3: pinMode(PUMP, OUTPUT) — ',
      '  pump/pump.ino:4: loop() — ',
      '  pump/pump.ino:6: digitalWrite(PUMP, reading.level < LIMIT) — ',
      '  pump/pump.ino:7: delay(100) — ',
      '  pump/readings.ino:2: analogRead(pin) — ',
    ]);
    const played = copycat(['build', 'pump', '--bench']);
    expect(played).toMatchObject({ status: 2, stdout: '' });
    expect(played.stderr).toMatch(/^copycat: pump\/pump\.ino:4: no cc_begin\(\)/);
  });

  it('gives a bench of it the words behind --bench', () => {
    const { status, stdout } = copycat(['build', join(EXAMPLES, 'Valve'), '--bench', '--list']);
    expect(status).toBe(0);
    expect(stdout).toContain('Valve.hex: ');
    expect(stdout).toContain('primary-halts');
    const wrong = copycat(['build', join(EXAMPLES, 'Valve'), '--bench', '--sede', '3']);
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain("unknown option '--sede'");
  });

  it('takes what arduino-cli has installed where Debian’s compiler is not on the PATH', () => {
    const data = join(folder, 'data/packages/arduino');
    mkdirSync(join(data, 'hardware/avr'), { recursive: true });
    mkdirSync(join(data, 'tools/avr-gcc/7.3.0/bin'), { recursive: true });
    symlinkSync(CORE, join(data, 'hardware/avr/1.8.10'));
    mkdirSync(join(data, 'hardware/avr/1.8.9'));
    for (const name of ['gcc', 'g++', 'gcc-ar', 'objcopy', 'size', 'nm'])
      symlinkSync(`/usr/bin/avr-${name}`, join(data, `tools/avr-gcc/7.3.0/bin/avr-${name}`));
    put('blink/blink.ino', 'void setup() { }\nvoid loop() { }\n');
    putCli(`echo ${join(folder, 'data')}`);
    const env = { PATH: join(folder, 'bin'), HOME: folder };
    expect(copycat(['build', 'blink'], env)).toMatchObject({ status: 0, stderr: '' });
    rmSync(join(data, 'hardware'), { recursive: true });
    expect(copycat(['build', 'blink'], env)).toMatchObject({
      status: 1,
      stderr: 'copycat: arduino-cli is there, but not its core for AVR boards (arduino-cli core install arduino:avr)\n',
    });
  });
});

function putCli(line: string): void {
  put('bin/arduino-cli', `#!/bin/sh\n${line}\n`);
  chmodSync(join(folder, 'bin/arduino-cli'), 0o755);
}

describe('copycat build, where it cannot', () => {
  it('says what is missing and what brings it, in one sentence', () => {
    putPlain();
    const { status, stdout, stderr } = copycat(['build', 'pump'], { PATH: folder, HOME: folder });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(
      /^copycat: .*avr-gcc.* not installed on this host \(sudo apt install arduino-core-avr gcc-avr avr-libc\)\n$/,
    );
  });

  it.each([
    [['build', 'nowhere'], 'there is no nowhere'],
    [['build', '.'], 'has no sketch: no .ino file'],
    [['build', '.', '--board', 'nanoo'], 'did you mean nano?'],
    [['build', '.', '--board', 'posix'], 'no boards of kind posix'],
    [['build', '.', 'more'], 'more is one word too many'],
    [['build', '.', '--bord', 'uno'], "unknown option '--bord'"],
    [['build'], "missing required argument 'sketch'"],
  ])('%j: %s', (words, message) => {
    const { status, stderr } = copycat(words);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
