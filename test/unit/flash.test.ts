import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readImageFacts } from '#built/gateway/operator/image-facts.js';
import { heaterFile } from '../../src/bench/stage/heater-image.js';
import { convertState } from '../../src/gateway/operator/convert-state.js';
import { flashSerial } from '../../src/serial/flash-serial.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-flash-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program of the system's shell. */
function script(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('a flasher', () => {
  it('is run with port and image in their places, and no shell reads them', async () => {
    const flasher = script('flasher', `printf '%s\\n' "$@" > ${folder}/said`);
    const image = join(folder, 'a; b $HOME.hex');
    await flashSerial({ template: `${flasher} -P PORT -U flash:w:IMAGE:i`, port: '/dev/ttyACM0', image, restMs: 0 });
    expect(readFileSync(join(folder, 'said'), 'utf8').trim().split('\n')).toEqual([
      '-P',
      '/dev/ttyACM0',
      '-U',
      `flash:w:${image}:i`,
    ]);
  });

  it('that fails is told with its own last words', async () => {
    const template = `${script('failing', 'echo hello; echo "stk500_recv(): programmer is not responding" >&2; exit 1')} PORT`;
    await expect(flashSerial({ template, port: 'p', image: '/i', restMs: 0 })).rejects.toMatchObject({
      code: 'FLASH_FAILED',
      message: expect.stringMatching(/ended with exit code 1: hello \/ stk500_recv\(\): programmer is not responding$/),
    });
  });

  it('that never ends is ended', async () => {
    const template = `${script('endless', 'exec sleep 60')} PORT`;
    await expect(flashSerial({ template, port: 'p', image: '/i', restMs: 0, limitMs: 100 })).rejects.toMatchObject({
      message: expect.stringContaining('was ended, as it took too long'),
    });
  });

  it('that is not there is told with what to install', async () => {
    const template = 'copycat-has-no-such-flasher -P PORT';
    await expect(flashSerial({ template, port: 'p', image: '/i', restMs: 0 })).rejects.toMatchObject({
      message:
        'copycat-has-no-such-flasher is not installed on this host (sudo apt-get install copycat-has-no-such-flasher)',
    });
    await expect(flashSerial({ template, port: 'p', image: '/a:b', restMs: 0 })).rejects.toMatchObject({
      message: 'the path of an image to flash may have no colon',
    });
  });
});

describe('a converter of states', () => {
  const wanted = { type: 'convertState', board: 'b', executionCount: 7, bytes: Uint8Array.of(1, 2, 0, 255) } as const;

  it('R26: reads the old state from its input and writes the new one, byte for byte', async () => {
    const converter = `${script('convert', 'cat; printf "$1"')} \\000\\001`;
    expect(await convertState({ ...wanted, converter })).toEqual({
      ...{ type: 'stateConverted', board: 'b', executionCount: 7, failure: '' },
      bytes: Uint8Array.of(1, 2, 0, 255, 0, 1),
    });
  });

  it('R26: that fails gives no state, and its own words', async () => {
    const converter = script('not-mine', 'echo "not my layout" >&2; exit 3');
    const { bytes, failure } = await convertState({ ...wanted, converter });
    expect(bytes).toBeNull();
    expect(failure).toBe(`${converter} ended with exit code 3: not my layout`);
    const missing = await convertState({ ...wanted, converter: join(folder, 'nothing') });
    expect([missing.bytes, missing.failure]).toEqual([null, expect.stringContaining('cannot be run')]);
  });
});

describe('what an image says of itself', () => {
  it('is known before any board is touched', async () => {
    const [old, same, less] = await Promise.all(
      (['heater', 'heater-2-same', 'heater-2-less'] as const).map((image) =>
        readImageFacts(heaterFile(image), 'atmega328p'),
      ),
    );
    expect(new Set([old, same, less].map((facts) => facts?.imageHash)).size).toBe(3);
    expect(new Set([old, same, less].map((facts) => `${facts?.stateLayout} ${facts?.stateBytes}`)).size).toBe(1);
    expect(old?.stateBytes).toBe(8);
  });

  it('is asked of no file that is none', async () => {
    await expect(readImageFacts(join(folder, 'nothing.hex'), 'atmega328p')).rejects.toMatchObject({
      code: 'EMULATOR_FAILED',
    });
    writeFileSync(join(folder, 'text.hex'), 'hello\n');
    await expect(readImageFacts(join(folder, 'text.hex'), 'atmega328p')).rejects.toMatchObject({
      code: 'EMULATOR_FAILED',
    });
  });
});

describe('a program that is not there', () => {
  it('keeps nobody waiting: no timer of who looked for it is left', () => {
    // Node's spawn keeps the timer of its `timeout` where it could start nothing: flash stood for four minutes.
    const text = `
      import { flashSerial } from '#built/serial/flash-serial.js';
      import { convertState } from '#built/gateway/operator/convert-state.js';
      const template = process.argv[1];
      const flashed = await flashSerial({ template, port: 'p', image: '/i', restMs: 0 }).catch(({ message }) => message);
      const wanted = { board: 'b', executionCount: 7, bytes: new Uint8Array(1) };
      const { failure } = await convertState({ ...wanted, converter: 'copycat-has-no-such-converter' });
      console.log(JSON.stringify({ flashed, failure, timers: process.getActiveResourcesInfo().filter((one) => one === 'Timeout') }));
      process.exit();`;
    const words = ['--input-type=module', '-e', text, join(folder, 'no-flasher')];
    const { stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', cwd: resolve('.') });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      flashed: `${join(folder, 'no-flasher')} is not there, or may not be run`,
      failure: 'copycat-has-no-such-converter cannot be run: there is no such program',
      timers: [],
    });
  });
});
