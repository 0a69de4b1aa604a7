import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EmulatedBoard } from '../../src/emulator/emulated-board.js';

const hex = readFileSync(new URL('../bench/fixtures/echo.hex', import.meta.url), 'utf8');
const powerOnUs = 65_000;
const byteUs = 20;

function startedUno(clockErrorPpm = 0): { uno: EmulatedBoard; sent: number[]; sentAtUs: number[] } {
  const uno = new EmulatedBoard({ hex, seed: 1, clockErrorPpm });
  const sent: number[] = [];
  const sentAtUs: number[] = [];
  uno.onTransmit = (byte, atUs) => {
    sent.push(byte);
    sentAtUs.push(atUs);
  };
  uno.runUntilUs(powerOnUs + 1000);
  return { uno, sent, sentAtUs };
}

/** The next number above, in the last of its bits. */
function nextAbove(value: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + 1n);
  return view.getFloat64(0);
}

const word = (bytes: Uint8Array) => (bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8);

describe('EmulatedBoard', () => {
  test('comes to any moment, also where a whole number of its cycles, divided, is the least bit earlier', () => {
    const clockErrorPpm = -4999;
    const cyclesPerUs = 16 * (1 + clockErrorPpm / 1e6);
    const { uno } = startedUno(clockErrorPpm);
    let met = 0;
    for (let index = 0; index < 100_000; index += 1) {
      const untilUs = nextAbove((1_100_000 + index) / cyclesPerUs);
      if (untilUs <= uno.nowUs || Math.ceil(untilUs * cyclesPerUs) / cyclesPerUs >= untilUs) continue;
      met += 1;
      uno.runUntilUs(untilUs);
      expect(uno.nowUs).toBeGreaterThanOrEqual(untilUs);
    }
    expect(met).toBeGreaterThan(0);
  });

  test('loses nothing at 500000 baud in full duplex', () => {
    const { uno, sent } = startedUno(5000);
    const bytes = Array.from({ length: 5000 }, (_, index) => (index * 7) & 0x3f);
    const startUs = uno.nowUs;
    for (const [index, byte] of bytes.slice(0, 4000).entries()) uno.receive(byte, startUs + index * byteUs, 500_000);
    uno.runForUs(4000 * byteUs + 1000);
    expect(sent).toEqual(bytes.slice(0, 4000));
    expect(uno.machine?.usart.counters).toMatchObject({
      received: 4000,
      transmitted: 4000,
      overruns: 0,
      frameErrors: 0,
    });
    expect(word(uno.readRam(0x700, 2))).toBe(0);
  });

  test('sets DOR when the CPU is too late, and keeps the two buffered bytes', () => {
    const { uno, sent } = startedUno();
    uno.pauseForUs(200, { interrupts: 'stop' });
    const startUs = uno.nowUs;
    for (let index = 0; index < 6; index += 1) uno.receive(index + 1, startUs + index * byteUs, 500_000);
    uno.runForUs(1000);
    expect(uno.machine?.usart.counters.overruns).toBe(3);
    expect(word(uno.readRam(0x700, 2))).toBe(1);
    expect(sent).toEqual([1, 2, 6]);
  });

  test('a stalled main program still takes bytes by interrupt', () => {
    const { uno, sent } = startedUno();
    uno.pauseForUs(5000);
    const startUs = uno.nowUs;
    for (let index = 0; index < 6; index += 1) uno.receive('L'.charCodeAt(0), startUs + index * byteUs, 500_000);
    uno.runForUs(4000);
    expect(sent).toHaveLength(6);
    expect(uno.duty(7)).toBe(0);
    uno.runForUs(2000);
    expect(uno.duty(7)).toBe(255);
  });

  test('a wrong baud rate is a frame error, not silence', () => {
    const { uno, sent } = startedUno();
    uno.receive(0x11, uno.nowUs, 250_000);
    uno.runForUs(500);
    expect(uno.machine?.usart.counters.frameErrors).toBe(1);
    expect(sent).not.toEqual([0x11]);
  });

  test('sleep is skipped exactly: milliseconds agree with the clock, and wake-ups are not lost', () => {
    const { uno } = startedUno();
    const before = word(uno.readRam(0x706, 2));
    uno.runForUs(10_000_000);
    expect(word(uno.readRam(0x706, 2)) - before).toBe(10_000);
    expect(uno.machine?.sleptCycles).toBeGreaterThan(0.9 * 160_000_000);
  });

  test('a board whose crystal is 0.5 % fast counts 0.5 % more', () => {
    const { uno } = startedUno(5000);
    const before = word(uno.readRam(0x706, 2));
    uno.runForUs(10_000_000);
    expect(word(uno.readRam(0x706, 2)) - before).toBe(10_050);
  });

  test('a hang ends in a watchdog reset: a new machine, SRAM kept, WDRF', () => {
    const { uno } = startedUno();
    uno.pokeRam(0x705, (uno.readRam(0x705, 1)[0] ?? 0) ^ 0x5a);
    expect(uno.readRam(0x704, 1)[0]).toBe(1);
    const life = uno.machine;
    uno.receive('H'.charCodeAt(0), uno.nowUs, 500_000);
    uno.runForUs(200_000);
    expect(uno.machine).not.toBe(life);
    expect(uno.starts).toMatchObject({ powerOn: 1, watchdog: 1 });
    expect([...uno.readRam(0x704, 2)]).toEqual([8, 0x5a]);
  });

  test('an external reset sets EXTRF, keeps SRAM and is deaf for the given time', () => {
    const { uno, sent } = startedUno();
    uno.pokeRam(0x705, (uno.readRam(0x705, 1)[0] ?? 0) ^ 0x5a);
    uno.resetExternal(1_000_000);
    uno.runForUs(500_000);
    uno.receive(1, uno.nowUs, 500_000);
    uno.runForUs(510_000);
    expect(sent).toEqual([]);
    expect([...uno.readRam(0x704, 2)]).toEqual([2, 0x5a]);
  });

  test('SRAM is random at power-on and differs with the seed', () => {
    const one = new EmulatedBoard({ hex, seed: 1 });
    const other = new EmulatedBoard({ hex, seed: 2 });
    expect(one.readRam(0x200, 64)).toEqual(new EmulatedBoard({ hex, seed: 1 }).readRam(0x200, 64));
    expect(one.readRam(0x200, 64)).not.toEqual(other.readRam(0x200, 64));
  });

  test('a halted board holds its pins, and its watchdog does not rescue it unless asked', () => {
    const { uno } = startedUno();
    for (const [index, byte] of [0x50, 77].entries()) uno.receive(byte, uno.nowUs + index * byteUs, 500_000);
    uno.runForUs(1000);
    expect(uno.duty(9)).toBe(77);
    uno.halt();
    uno.runForUs(1_000_000);
    expect([uno.duty(9), uno.starts.watchdog]).toEqual([77, 0]);
    uno.halt({ watchdogWorks: true });
    uno.runForUs(1_000_000);
    expect([uno.duty(9), uno.starts.watchdog]).toEqual([0, 1]);
  });

  test('outputs are told with their emulated time, and float to zero in reset', () => {
    const { uno } = startedUno();
    const changes: [number, number][] = [];
    uno.onOutput = (_atUs, pin, duty) => changes.push([pin, duty]);
    for (const [index, byte] of [0x50, 10, 0x4c].entries()) uno.receive(byte, uno.nowUs + index * byteUs, 500_000);
    uno.runForUs(1000);
    uno.powerCycle(1000);
    expect(changes).toEqual([
      [9, 10],
      [7, 255],
      [7, 0],
      [9, 0],
    ]);
  });

  test('a breakpoint calls once, before its instruction', () => {
    const { uno } = startedUno();
    const reached: number[] = [];
    uno.resetExternal();
    uno.breakpointOnce(0, () => reached.push(uno.starts.external));
    uno.runForUs(1000);
    uno.resetExternal();
    uno.runForUs(1000);
    expect(reached).toEqual([1]);
  });
});
