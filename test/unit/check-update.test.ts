import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BoardConfig } from '../../src/config/config.js';
import { factsOfKind } from '../../src/config/load/board-files.js';
import type { Command, CommandOutcome } from '../../src/control/contract/command.js';
import { updateOne } from '../../src/control/update-one.js';
import { converterTrouble, flashTrouble, imageTrouble } from '../../src/gateway/check-update.js';
import { isRoot, runAs, STRANGER } from './as-user.js';

let folder: string;
let image: string;
const path = process.env['PATH'];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-update-'));
  image = join(folder, 'new.hex');
  writeFileSync(image, ':100000000C9434000C943E000C943E000C943E0082\n:00000001FF\r\n');
});
afterEach(() => {
  process.env['PATH'] = path;
  rmSync(folder, { recursive: true });
});

describe('an image is looked at before anything is done for it', () => {
  test('a whole file in Intel’s format is as it should be', () => {
    expect(imageTrouble(image)).toBeNull();
  });

  test.each<[string, () => string, string]>([
    ['one that is not there', () => join(folder, 'old.hex'), 'there is no image'],
    ['a folder', () => folder, 'is no file'],
    ['a device that never ends', () => '/dev/zero', 'is no file'],
    ['one that is empty', () => written(''), 'is no whole file'],
    ['one that was cut', () => written(':100000000C9434000C943E000C943E000C943E0082\n'), 'is no whole file'],
    ['a picture', () => written('\x89PNG\r\n:00000001FF'), 'is no whole file'],
  ])('%s is not', (_name, make, message) => {
    expect(imageTrouble(make())).toContain(message);
  });

  test.runIf(isRoot)('one that the gateway’s user may not read is not', () => {
    chmodSync(image, 0o600);
    chmodSync(folder, 0o755);
    const { out } = runAs(
      STRANGER,
      `import { imageTrouble } from '#built/gateway/check-update.js'; console.log(imageTrouble(${JSON.stringify(image)}));`,
    );
    expect(out).toContain('the gateway cannot read the image');
  });

  const PORT = { type: 'path', path: '/dev/ttyACM0' } as const;

  test('neither is any without the program that would flash it, nor for a board that nobody knows how to flash', () => {
    const board = { board: 'b', kind: 'uno', facts: factsOfKind('uno'), port: PORT } as BoardConfig;
    process.env['PATH'] = folder;
    expect(flashTrouble(board, image)).toContain('avrdude, which flashes a board of kind uno, is not installed');
    mkdirSync(join(folder, 'avrdude'));
    rmSync(join(folder, 'avrdude'), { recursive: true });
    writeFileSync(join(folder, 'avrdude'), '#!/bin/sh\n', { mode: 0o755 });
    expect(flashTrouble(board, image)).toBeNull();
    expect(flashTrouble(board, `${image}:i`)).toContain('no colon');
    expect(flashTrouble({ ...board, kind: 'posix', facts: factsOfKind('posix') }, image)).toContain(
      'is a program of this machine and is not flashed',
    );
    expect(flashTrouble({ ...board, kind: 'serial', facts: factsOfKind('serial') }, image)).toContain(
      "it is not known how board b (serial) is flashed: stop the gateway, upload the sketch with its maker's tool",
    );
    expect(flashTrouble({ ...board, port: { type: 'emulated' } }, image)).toContain(
      'is emulated and is not flashed: it runs the image that firmware: names',
    );
  });

  test('nor one whose converter cannot be run', () => {
    process.env['PATH'] = folder;
    writeFileSync(join(folder, 'convert'), '#!/bin/sh\n', { mode: 0o755 });
    expect(converterTrouble('convert 1 2')).toBeNull();
    expect(converterTrouble(join(folder, 'convert'))).toBeNull();
    expect(converterTrouble('convort 1 2')).toContain('the converter convort cannot be run');
    expect(converterTrouble('')).toContain('cannot be run');
    expect(converterTrouble(null)).toBeNull();
  });

  test('R26: a board that drives does not hand over for an image that is not there', async () => {
    const asked: string[] = [];
    const gateway = {
      status: () => Promise.resolve({ boards: [{ board: 'a', role: 'primary' }] } as never),
      command: ({ command }: Command): Promise<CommandOutcome> => {
        asked.push(command);
        return Promise.resolve(command === 'update-check' ? { refused: 'there is no image' } : { done: '' });
      },
    };
    const how = { image, facts: null, comparisons: 1, converter: null, force: true };
    const pause = (): Promise<boolean> => Promise.resolve(false);
    const outcome = await updateOne(gateway, 'a', { ...how, pause, progress: () => undefined });
    expect(outcome).toEqual({ refused: 'there is no image' });
    expect(asked).toEqual(['update-check']);
  });

  function written(text: string): string {
    writeFileSync(image, text, 'latin1');
    return image;
  }
});
