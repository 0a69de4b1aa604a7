import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { heaterFile } from '../../src/bench/stage/heater-image.js';

const MAIN = resolve('dist/cli/main.js');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-cli-flash-'));
  mkdirSync(join(folder, 'no-programs'));
  mkdirSync(join(folder, 'programs'));
  writeFileSync(join(folder, 'programs/avrdude'), '#!/bin/sh\n', { mode: 0o755 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `copycat flash both` of a pair whose gateway does not run, where PATH has `programs` and nothing else. */
function flashBoth(boards: string, programs: string, ...more: readonly string[]) {
  writeFileSync(
    join(folder, 'copycat.yaml'),
    `boards: ${boards}\nrelay: { pin: GPIO17, at-rest: a }\ninput: every 1s\ndeadline: 80ms\n`,
  );
  const env = { ...process.env, PATH: join(folder, programs) };
  const args = [MAIN, 'flash', 'both', ...more];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('copycat flash both, where no gateway runs', () => {
  it('says at once, in one sentence, that the flasher is not installed', () => {
    const unos = '{ a: { kind: uno, port: /dev/no-a }, b: { kind: uno, port: /dev/no-b } }';
    expect(flashBoth(unos, 'no-programs')).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'copycat: refused. Nothing was flashed: avrdude, which flashes a board of kind uno, is not installed on this host (sudo apt-get install avrdude).\n',
    });
  });

  it.each([
    [
      '{ a: { kind: uno, port: emulated }, b: { kind: uno, port: emulated } }',
      'copycat: refused. Nothing was flashed: board a is emulated and is not flashed: it runs the image that firmware: names in the configuration, from the next start of the gateway on.\n',
    ],
    [
      '{ a: { kind: posix, port: /tmp/board-a }, b: { kind: posix, port: /tmp/board-b } }',
      'copycat: refused. Nothing was flashed: board a (posix) is a program of this machine and is not flashed: build its sketch, and start it in place of the old one.\n',
    ],
  ])('does not warn of pins of boards that have none: %s', (boards, stderr) => {
    expect(flashBoth(boards, 'programs', '--image', heaterFile('heater'))).toEqual({ status: 1, stdout: '', stderr });
  });

  it('refuses a file that is no image before it looks for a board', () => {
    const unos = '{ a: { kind: uno, port: /dev/no-a }, b: { kind: uno, port: /dev/no-b } }';
    const { status, stderr } = flashBoth(unos, 'programs', '--image', join(folder, 'copycat.yaml'));
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('is no whole file in Intel') });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
