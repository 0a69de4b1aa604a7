import { describe, expect, it } from 'vitest';
import { type CharacterFormat, errorsBetween } from '../../../src/emulator/character-format.js';
import { Machine } from '../../../src/emulator/machine.js';
import { bitsPerCharacter } from '../../../src/values/line-settings.js';

const UCSR0A = 0xc0;
const UCSR0B = 0xc1;
const UCSR0C = 0xc2;
const UDR0 = 0xc6;
const RECEIVE_AND_SEND = 0x18;
const BIT_CYCLES = 16;
const FLAGS = { frame: 0x10, parity: 0x04 };
/** Of UCSR0C, with eight data bits (datasheet DS40002061B, 19.10.4). */
const SET_TO = { '8N1': 0x06, '8E1': 0x26, '8O1': 0x36, '8N2': 0x0e, '8E2': 0x2e } as const;
const FORMATS: Readonly<Record<keyof typeof SET_TO, CharacterFormat>> = {
  '8N1': { dataBits: 8, parity: 'none', stopBits: 1 },
  '8E1': { dataBits: 8, parity: 'even', stopBits: 1 },
  '8O1': { dataBits: 8, parity: 'odd', stopBits: 1 },
  '8N2': { dataBits: 8, parity: 'none', stopBits: 2 },
  '8E2': { dataBits: 8, parity: 'even', stopBits: 2 },
};

/** A CPU that does nothing, with its serial port set up; no firmware. */
function machineSetTo(format: keyof typeof SET_TO) {
  const made = new Machine({
    program: new Uint16Array(0x4000).fill(0xcfff),
    ...{ sram: new Uint8Array(2048), eeprom: new Uint8Array(1024), volts: new Float64Array(8) },
    ...{ resetFlags: 1, startCycle: 0, onDuty: () => undefined, onWatchdog: () => undefined },
  });
  made.cpu.writeData(UCSR0C, SET_TO[format]);
  made.cpu.writeData(UCSR0B, RECEIVE_AND_SEND);
  return made;
}

/** The flags of a byte that came in at the right rate, and alone. */
function flagsOf(byte: number, sent: keyof typeof SET_TO, heard: keyof typeof SET_TO) {
  const machine = machineSetTo(heard);
  machine.usart.line.put({ byte, endCycle: 200, bitCycles: BIT_CYCLES, format: FORMATS[sent] });
  machine.run(400);
  const status = machine.cpu.readData(UCSR0A);
  expect(machine.cpu.readData(UDR0)).toBe(byte);
  return { frame: (status & FLAGS.frame) !== 0, parity: (status & FLAGS.parity) !== 0 };
}

/** 0x03 has two ones, 0x07 three. */
const EVEN = 0x03;
const ODD = 0x07;
const right = { frame: false, parity: false };

describe('the format of a character', () => {
  it.each([
    ['8N1', 10],
    ['8E1', 11],
    ['8O1', 11],
    ['8N2', 11],
    ['8E2', 12],
  ] as const)('%s takes %i bits on its way out', (format, bits) => {
    const machine = machineSetTo(format);
    let sentAt = 0;
    machine.usart.onTransmitted = (_byte, cycle, _bitCycles, sent) => {
      sentAt = cycle;
      expect(sent).toEqual(FORMATS[format]);
    };
    machine.cpu.writeData(UDR0, 0x55);
    machine.run(1000);
    expect(sentAt).toBe(bits * BIT_CYCLES);
    expect(bitsPerCharacter(FORMATS[format])).toBe(bits);
  });

  it('is heard without an error where both ends have the same, whatever the stop bits', () => {
    for (const byte of [EVEN, ODD, 0, 0xff]) {
      for (const format of ['8N1', '8E1', '8O1'] as const) expect(flagsOf(byte, format, format)).toEqual(right);
      expect(flagsOf(byte, '8E2', '8E1')).toEqual(right);
      expect(flagsOf(byte, '8N1', '8N2')).toEqual(right);
    }
  });

  it('without parity, heard with: the stop bit is taken for it', () => {
    expect(flagsOf(EVEN, '8N1', '8E1')).toEqual({ frame: false, parity: true });
    expect(flagsOf(ODD, '8N1', '8E1')).toEqual(right);
    expect(flagsOf(EVEN, '8N1', '8O1')).toEqual(right);
    expect(flagsOf(ODD, '8N1', '8O1')).toEqual({ frame: false, parity: true });
  });

  it('with parity, heard without: the parity bit is taken for the stop bit', () => {
    expect(flagsOf(EVEN, '8E1', '8N1')).toEqual({ frame: true, parity: false });
    expect(flagsOf(ODD, '8E1', '8N1')).toEqual(right);
  });

  it('even, heard as odd: always wrong', () => {
    for (const byte of [EVEN, ODD]) expect(flagsOf(byte, '8E1', '8O1')).toEqual({ frame: false, parity: true });
  });

  it('without parity and back to back, heard with: the next start bit is taken for the stop bit', () => {
    const machine = machineSetTo('8E1');
    const byteCycles = 10 * BIT_CYCLES;
    for (const [index, byte] of [ODD, ODD].entries())
      machine.usart.line.put({
        byte,
        endCycle: (index + 1) * byteCycles,
        bitCycles: BIT_CYCLES,
        format: FORMATS['8N1'],
      });
    machine.run(1000);
    expect(machine.usart.counters).toMatchObject({ frameErrors: 1, parityErrors: 0 });
    expect(errorsBetween(ODD, FORMATS['8N2'], 'even', true)).toEqual(right);
  });
});
