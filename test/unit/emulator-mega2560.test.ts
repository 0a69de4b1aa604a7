import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { atmega2560 } from '../../src/emulator/atmega2560.js';
import { EmulatedBoard } from '../../src/emulator/emulated-board.js';
import { CopycatError } from '../../src/errors/copycat-error.js';

const folder = mkdtempSync(join(tmpdir(), 'copycat-mega-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let hex = '';
beforeAll(() => {
  const source = fileURLToPath(new URL('../bench/fixtures/mega.c', import.meta.url));
  const elf = join(folder, 'mega.elf');
  const far = '-Wl,--section-start=.far=0x30000';
  execFileSync('avr-gcc', ['-mmcu=atmega2560', '-Os', '-Wall', '-Werror', '-std=gnu11', far, '-o', elf, source]);
  execFileSync('avr-objcopy', ['-O', 'ihex', '-R', '.eeprom', elf, join(folder, 'mega.hex')]);
  hex = readFileSync(join(folder, 'mega.hex'), 'utf8');
});

function started() {
  const board = new EmulatedBoard({ mcu: atmega2560, hex, seed: 3 });
  const sent: number[] = [];
  board.onTransmit = (byte) => sent.push(byte);
  board.runForUs(70_000);
  return {
    board,
    sent,
    ask: (letter: string) => {
      sent.length = 0;
      board.receive(letter.charCodeAt(0), board.nowUs, 500_000);
      board.runForUs(20_000);
      return sent[0];
    },
  };
}

describe('an emulated ATmega2560', () => {
  test('starts, and answers on its first serial port at the rate it has set', () => {
    const { board, sent, ask } = started();
    expect(String.fromCharCode(...sent)).toBe('!');
    expect(board.baudRate).toBe(500_000);
    expect(ask('x')).toBe('x'.charCodeAt(0));
  });

  test('calls and returns beyond 128 KB of flash', () => {
    expect(started().ask('f')).toBe('f'.charCodeAt(0) ^ 0x5a);
  });

  test('drives a pin of a port that an Uno has not, and a waveform of the third channel of timer 5', () => {
    const { board, ask } = started();
    expect(board.duty(49)).toBe(0);
    ask('l');
    expect(board.duty(49)).toBe(255);
    ask('p');
    expect(board.duty(44)).toBe(64);
    const before = ask('t') ?? 0;
    board.runForUs(20_000);
    // Two compare matches in each up-and-down of 2 * 1023 counts, 8 cycles each: about 977 periods a second.
    expect((ask('t') ?? 0) - before).toBeGreaterThan(30);
  });

  test('reads an analog channel of the upper half, and a digital pin with and without something wired to it', () => {
    const { board, ask } = started();
    board.setVolts(1, 5);
    board.setVolts(9, 2.5);
    expect(ask('a')).toBe(128);
    // Its program has the pull-up on.
    expect(ask('j')).toBe(1);
    board.setLevel(14, null);
    expect(ask('j')).toBe(1);
    board.setLevel(14, 0);
    expect(ask('j')).toBe(0);
    board.setLevel(14, 1);
    expect(ask('j')).toBe(1);
  });

  test('keeps 4 KB of EEPROM, and is restarted by its watchdog', () => {
    const { board, ask, sent } = started();
    expect(ask('e')).toBe(0x77);
    sent.length = 0;
    board.receive('w'.charCodeAt(0), board.nowUs, 500_000);
    board.runForUs(60_000);
    expect(board.starts.watchdog).toBe(1);
    expect(String.fromCharCode(...sent)).toBe('!');
  });

  test('an Uno refuses an image of that size', () => {
    expect(() => new EmulatedBoard({ hex, seed: 1 })).toThrow(CopycatError);
  });
});
