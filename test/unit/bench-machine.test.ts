import { describe, expect, test } from 'vitest';
import { loadHex } from '../../src/emulator/hex.js';
import { Machine } from '../../src/emulator/machine.js';

/** `rjmp .-2` everywhere: a CPU that does nothing, so that registers can be driven from here. */
const idleProgram = new Uint16Array(0x4000).fill(0xcfff);

function machine(resetFlags = 1, program = idleProgram) {
  const duties: [number, number][] = [];
  const volts = new Float64Array(8);
  const eeprom = new Uint8Array(1024).fill(0xff);
  const bites: number[] = [];
  const made: Machine = new Machine({
    program,
    sram: new Uint8Array(2048),
    eeprom,
    volts,
    resetFlags,
    startCycle: 0,
    onDuty: (pin, duty) => duties.push([pin, duty]),
    onWatchdog: () => {
      bites.push(made.cpu.cycles);
      made.isOver = true;
    },
  });
  const write = (address: number, value: number) => made.cpu.writeData(address, value);
  const read = (address: number) => made.cpu.readData(address);
  return { machine: made, duties, volts, eeprom, bites, write, read };
}

describe('Machine', () => {
  test('a timer in CTC raises its flag once a period, and counts in between', () => {
    const { machine: made, write, read } = machine();
    write(0x44, 0x02);
    write(0x47, 99);
    write(0x45, 0x02);
    made.run(8 * 50);
    expect(read(0x46)).toBe(50);
    expect(read(0x35) & 2).toBe(0);
    made.run(8 * 100);
    expect(read(0x35) & 2).toBe(2);
    write(0x35, 2);
    expect(read(0x35) & 2).toBe(0);
    made.run(8 * 150);
    expect([read(0x46), read(0x35) & 2]).toEqual([50, 0]);
  });

  test.each([
    ['SEI', 0x9478],
    ['OUT to SREG', 0xbf0f],
  ])('after %s one more instruction runs before a waiting interrupt does', (_what, enable) => {
    const program = idleProgram.slice();
    program[0] = 0xc03f; // rjmp to word 0x40
    program[0x1c] = 0x2f21; // the handler of timer 0's compare match: mov r18, r17
    program.fill(0x0000, 0x40, 0x80);
    program[0x40] = 0xe800; // ldi r16, 0x80
    program[0x80] = enable;
    program[0x81] = 0x9513; // inc r17
    const { machine: made, write, read } = machine(1, program);
    made.cpu.SP = 0x8ff;
    write(0x6e, 0x02);
    write(0x44, 0x02);
    write(0x47, 20);
    write(0x45, 0x01);
    made.run(200);
    expect([read(17), read(18)]).toEqual([1, 1]);
  });

  test('a phase-correct timer overflows at the bottom, every two tops', () => {
    const { machine: made, write, read } = machine();
    write(0x80, 0x01);
    write(0x81, 0x01);
    made.run(300);
    expect(read(0x84)).toBe(210);
    expect(read(0x36) & 1).toBe(0);
    made.run(511);
    expect(read(0x36) & 1).toBe(1);
  });

  test('pin 9 is what compare register, COM bits and DDR say, and nothing without a clock', () => {
    const { duties, write } = machine();
    write(0x24, 0x02);
    write(0x80, 0x81);
    write(0x89, 0);
    write(0x88, 100);
    expect(duties).toEqual([]);
    write(0x81, 0x03);
    write(0x80, 0xc1);
    write(0x80, 0x01);
    write(0x25, 0x02);
    write(0x24, 0x00);
    expect(duties).toEqual([
      [9, 100],
      [9, 155],
      [9, 0],
      [9, 255],
      [9, 0],
    ]);
  });

  test('a pin to which nothing is wired reads high where its pull-up is on', () => {
    const { write, read } = machine();
    const [PIND, DDRD, PORTD] = [0x29, 0x2a, 0x2b];
    expect(read(PIND)).toBe(0);
    write(PORTD, 0x0c);
    expect(read(PIND)).toBe(0x0c);
    write(PORTD, 0x04);
    expect(read(PIND)).toBe(0x04);
    write(DDRD, 0x04); // it drives its own level now
    write(PORTD, 0x00);
    expect(read(PIND)).toBe(0);
  });

  test('the converter gives the voltage of the selected channel after its time', () => {
    const { machine: made, volts, write, read } = machine();
    volts[2] = 2.5;
    write(0x7c, 0x42);
    write(0x7a, 0xc7);
    made.run(25 * 128 - 4);
    expect(read(0x7a) & 0x40).toBe(0x40);
    made.run(25 * 128 + 4);
    expect(read(0x7a) & 0x50).toBe(0x10);
    expect(read(0x78) | (read(0x79) << 8)).toBe(512);
  });

  test('the EEPROM is written only behind its key, takes its time, and belongs to the board', () => {
    const { machine: made, eeprom, write, read } = machine();
    write(0x41, 5);
    write(0x40, 0x42);
    write(0x3f, 2);
    expect(eeprom[5]).toBe(0xff);
    write(0x3f, 4);
    write(0x3f, 6);
    expect([eeprom[5], read(0x3f) & 2]).toEqual([0x42, 2]);
    made.run(60_000);
    expect(read(0x3f) & 2).toBe(0);
    write(0x3f, 1);
    expect(read(0x40)).toBe(0x42);
  });

  test('after its reset the watchdog is still on, at 16 ms, until it is stopped by its key', () => {
    const bitten = machine(8);
    bitten.machine.run(16_000_000);
    expect(bitten.bites).toEqual([2048 * 125]);
    const stopped = machine(8);
    stopped.write(0x54, 0);
    stopped.write(0x60, 0x18);
    stopped.write(0x60, 0);
    stopped.machine.run(16_000_000);
    expect(stopped.bites).toEqual([]);
    const careless = machine(8);
    careless.write(0x54, 0);
    careless.write(0x60, 0);
    careless.machine.run(16_000_000);
    expect(careless.bites).toHaveLength(1);
  });
});

describe('loadHex', () => {
  test('reads data records and leaves the rest erased', () => {
    const flash = loadHex(':0300100001020AE0\n:00000001FF\n', 64);
    expect([...flash.subarray(15, 20)]).toEqual([0xff, 1, 2, 10, 0xff]);
  });

  test.each([
    ['a wrong checksum', ':0300100001020AE1\n:00000001FF\n', /line 1 is damaged/],
    ['no end', ':0300100001020AE0\n', /no end record/],
    ['an address beyond the flash', ':03FFF00001020A01\n:00000001FF\n', /beyond the flash/],
  ])('refuses %s', (_what, text, message) => {
    expect(() => loadHex(text, 64)).toThrow(message);
  });
});
