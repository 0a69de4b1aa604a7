import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EmulatedBoard } from '../../src/emulator/emulated-board.js';
import { SeededRandom } from '../../src/random/seeded-random.js';

const folder = mkdtempSync(join(tmpdir(), 'copycat-waiting-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let hex = '';
beforeAll(() => {
  const source = fileURLToPath(new URL('../bench/fixtures/waiting.c', import.meta.url));
  const elf = join(folder, 'waiting.elf');
  const flags = ['-mmcu=atmega328p', '-DF_CPU=16000000UL', '-Os', '-Wall', '-Werror', '-std=gnu11'];
  execFileSync('avr-gcc', [...flags, '-o', elf, source]);
  execFileSync('avr-objcopy', ['-O', 'ihex', '-R', '.eeprom', elf, join(folder, 'waiting.hex')]);
  hex = readFileSync(join(folder, 'waiting.hex'), 'utf8');
});

/** Everything that can be seen of a board from outside, as it comes. */
class Watched {
  readonly seen: (readonly (number | string)[])[] = [];
  readonly board: EmulatedBoard;

  constructor(executesIdleLoops: boolean) {
    this.board = new EmulatedBoard({ hex, seed: 7, clockErrorPpm: 1234, executesIdleLoops });
    this.board.onTransmit = (byte, atUs) => this.seen.push(['byte', byte, atUs]);
    this.board.onOutput = (atUs, pin, duty) => this.seen.push(['pin', pin, duty, atUs]);
  }

  /** Its moment, its memory and all registers. */
  look(): void {
    const { board } = this;
    const { machine } = board;
    this.seen.push(['memory', board.nowUs, Buffer.from(board.readRam(0x100, 2048)).toString('hex')]);
    if (machine === null) return;
    const { pc, cycles, data } = machine.cpu;
    this.seen.push(['registers', pc, cycles, Buffer.from(data.subarray(0, 0x100)).toString('hex')]);
  }
}

type Deed = (board: EmulatedBoard) => void;

const letters = ['T', 'C', 'E', 'B', 'W', 'x'];

/** Something that happens to a board from outside. */
function deedOf(random: SeededRandom): Deed {
  const chosen = random.nextBelow(100);
  const letter = (letters[random.nextBelow(letters.length)] ?? 'x').charCodeAt(0);
  const some = random.nextBelow(1000);
  if (chosen < 30) return (board) => board.receive(letter, board.nowUs + some / 10, 500_000);
  if (chosen < 45) return (board) => board.setLevel(7, some % 2 === 0 ? 1 : 0);
  if (chosen < 55) return (board) => board.setVolts(0, some / 200);
  if (chosen < 62) return (board) => board.pokeRam(0x100 + (some % 16), 1 << (some % 8));
  if (chosen < 70) return (board) => board.pauseForUs(some, { watchdogWorks: some % 3 === 0 });
  if (chosen < 76) return (board) => board.pauseForUs(some, { interrupts: 'stop' });
  if (chosen < 79) return (board) => board.receive('H'.charCodeAt(0), board.nowUs, 500_000);
  if (chosen < 81) return (board) => board.resetExternal(some);
  if (chosen < 83) return (board) => board.halt({ watchdogWorks: true });
  if (chosen < 84) return (board) => board.powerCycle(some);
  return () => undefined;
}

describe('loops that wait', () => {
  test('turns that are left out change nothing that anybody can see, to the cycle', () => {
    const random = new SeededRandom(20261201);
    const executed = new Watched(true);
    const leftOut = new Watched(false);
    let waited = 0;
    let slept = 0;
    for (let step = 0; step < 4000; step += 1) {
      const deed = deedOf(random);
      const forUs = random.nextBelow(4) === 0 ? random.nextBelow(8000) : random.nextBelow(150) / 7;
      const looks = random.nextBelow(3) === 0;
      for (const { board } of [executed, leftOut]) deed(board);
      for (const { board } of [executed, leftOut]) board.runForUs(forUs);
      if (looks) for (const watched of [executed, leftOut]) watched.look();
      expect(leftOut.board.nowUs).toBe(executed.board.nowUs);
      waited = Math.max(waited, leftOut.board.machine?.leftOutCycles ?? 0);
      slept = Math.max(slept, executed.board.machine?.leftOutCycles ?? 0);
      if (step % 50 === 0) expect(leftOut.seen).toEqual(executed.seen);
    }
    expect(leftOut.seen).toEqual(executed.seen);
    expect(leftOut.board.starts).toEqual(executed.board.starts);
    expect(executed.board.starts.watchdog).toBeGreaterThan(10);
    expect(executed.seen.filter(([what]) => what === 'byte').length).toBeGreaterThan(400);
    expect(executed.seen.filter(([what]) => what === 'pin').length).toBeGreaterThan(100);
    expect([waited > 1_000_000, slept]).toEqual([true, 0]);
  });

  test('most of the time of a program that waits is left out', () => {
    const { board } = new Watched(false);
    board.runForUs(565_000);
    expect(board.machine?.leftOutCycles).toBeGreaterThan(0.8 * 8_000_000);
    expect(board.starts.watchdog).toBe(0);
  });

  test('a breakpoint in a loop that waits is met at its next turn', () => {
    const { board } = new Watched(false);
    board.runForUs(100_000);
    const turn = (board.machine?.cpu.pc ?? 0) * 2;
    const met: number[] = [];
    board.runForUs(500);
    board.breakpointOnce(turn, () => met.push(board.machine?.cpu.cycles ?? 0));
    board.runForUs(500);
    expect(met).toHaveLength(1);
  });

  test('a program that is changed while it waits does what it says then', () => {
    const both = [new Watched(true), new Watched(false)];
    for (const { board } of both) board.runForUs(100_000);
    const pc = both[0]?.board.machine?.cpu.pc ?? 0;
    for (const { board } of both) {
      board.runForUs(300);
      for (let word = pc - 4; word < pc + 4; word += 1) board.flipFlash(word * 2, 0x01);
      board.runForUs(3_000);
    }
    for (const watched of both) watched.look();
    expect(both[1]?.seen).toEqual(both[0]?.seen);
  });
});
