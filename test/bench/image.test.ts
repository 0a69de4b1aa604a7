import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadSubject } from '#built/bench/image/load-subject.js';
import { heaterFile } from '#built/bench/stage/heater-image.js';

/** Files that are no image for the bench: each is refused in one sentence, before anything runs. */

const folder = mkdtempSync(join(tmpdir(), 'copycat-image-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HEATER = readFileSync(heaterFile('heater'), 'latin1');

function refusalOf(content: string | Uint8Array, kind: 'uno' | 'mega2560' | null = null): string {
  const file = join(folder, 'pump.hex');
  writeFileSync(file, content);
  return refusalOfFile(file, kind);
}

function refusalOfFile(file: string, kind: 'uno' | 'mega2560' | null = null): string {
  try {
    loadSubject({ firmware: file, configFile: null, kind, worldFile: null });
  } catch (error) {
    const { code, message, expected } = error as { code: string; message: string; expected: string };
    return `${code}: ${message}; expected ${expected}`;
  }
  throw new Error('it was not refused');
}

/** A program of these words. */
function hexOf(words: readonly number[], address = 0): string {
  const bytes = words.flatMap((word) => [word & 0xff, word >> 8]);
  const record = [bytes.length, address >> 8, address & 0xff, 0, ...bytes];
  const sum = -record.reduce((total, byte) => total + byte, 0) & 0xff;
  const text = [...record, sum].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `:${text}\n:00000001FF\n`;
}

describe('copycat bench --firmware refuses', () => {
  test('an ELF file', () => {
    expect(refusalOf('\u007fELF\u0001')).toMatch(/USAGE: .*pump.hex is an ELF file; expected Intel HEX/);
  });

  test('a file that is not there, and one that never ends', () => {
    expect(refusalOfFile(join(folder, 'nope.hex'))).toMatch(
      /nope.hex cannot be read: there is no such file; expected the/,
    );
    expect(refusalOfFile('/dev/zero')).toMatch(/\/dev\/zero cannot be read: it is larger than 4194304 bytes/);
  });

  test('a file that is no Intel HEX', () => {
    expect(refusalOf('hello')).toMatch(/is no Intel HEX file; expected the .hex file/);
  });

  test('one that is cut short', () => {
    expect(refusalOf(HEATER.slice(0, HEATER.indexOf('\n', 2000) + 1))).toMatch(
      /is cut short: its last line is missing/,
    );
  });

  test('one with a wrong checksum, by its line', () => {
    const lines = HEATER.split('\n');
    const damaged = lines.map((line, index) =>
      index === 4 ? line.replace(/^(.{12})./, (_, head) => `${head}F`) : line,
    );
    expect(damaged[4]).not.toBe(lines[4]);
    expect(refusalOf(damaged.join('\n'))).toMatch(/pump.hex:5 is damaged; expected a record .* right checksum/);
  });

  test('one that is larger than the flash', () => {
    const beyond = ':020000021000EC\n';
    expect(refusalOf(`${beyond}${HEATER}`)).toMatch(/is too large: .*--board mega2560.*32768 bytes/);
  });

  test('one of another processor', () => {
    const mega = readFileSync(heaterFile('heater', 'mega2560'), 'latin1');
    expect(refusalOf(mega)).toMatch(/another processor: atmega2560; expected one for atmega328p, or --board mega2560/);
  });

  test.each([
    ['of a kind that is no AVR', `:020000040800F2\n${HEATER}`, 'it begins at 0x08000000; expected one for atmega328p'],
    ['behind somebody’s boot loader', hexOf([0xcfff], 0x2000), 'it has nothing at address 0, where an AVR begins'],
    [
      'of a Leonardo',
      hexOf([...Array.from({ length: 43 }, () => [0x940c, 86]).flat(), 0xcfff]),
      'it has the 43 interrupt vectors of an ATmega32U4',
    ],
  ])('one of another processor, %s', (_, hex, why) => {
    expect(refusalOf(hex)).toContain(`is an image for another processor: ${why}`);
  });

  test('a program that never calls cc_begin', () => {
    // rjmp .-2
    expect(refusalOf(hexOf([0xcfff]))).toMatch(/never says HELLO.*; expected a sketch that calls cc_begin\(\)/);
  });
});

test('an image that comes along is met with its oven and its names', () => {
  const subject = loadSubject({ firmware: 'heater.hex', configFile: null, kind: null, worldFile: null });
  expect(subject.worldFile).toBe('heater.world.yaml');
  expect(subject).toMatchObject({ pins: { duty: 9, others: [8] }, world: { plant: { follows: 9 } } });
  expect(subject.inputFields.map(({ name }) => name)).toEqual(['set point', 'measured']);
});
