import type { CompareChannel, Mcu, PinWiring, PortRegisters } from './mcu.js';
import {
  timer0Registers,
  timer1Registers,
  timer2Registers,
  timer3Registers,
  timer4Registers,
  timer5Registers,
} from './timer-wiring.js';

const registersAt = (PIN: number): PortRegisters => ({ PIN, DDR: PIN + 1, PORT: PIN + 2 });
const ports = {
  A: registersAt(0x20),
  B: registersAt(0x23),
  C: registersAt(0x26),
  D: { ...registersAt(0x29), externalInterrupts: { 0: 0, 1: 1, 2: 2, 3: 3 } },
  E: { ...registersAt(0x2c), externalInterrupts: { 4: 4, 5: 5, 6: 6, 7: 7 } },
  F: registersAt(0x2f),
  G: registersAt(0x32),
  H: registersAt(0x100),
  J: registersAt(0x103),
  K: registersAt(0x106),
  L: registersAt(0x109),
};
const portCalled: Readonly<Record<string, PortRegisters>> = ports;

/** Arduino's Mega 2560, from pin 0: port and bit. A0 to A15 are 54 to 69. */
const places = [
  'E0 E1 E4 E5 G5 E3 H3 H4 H5 H6 B4 B5 B6 B7',
  'J1 J0 H1 H0 D3 D2 D1 D0 A0 A1 A2 A3 A4 A5 A6 A7',
  'C7 C6 C5 C4 C3 C2 C1 C0 D7 G2 G1 G0 L7 L6 L5 L4 L3 L2 L1 L0 B3 B2 B1 B0',
  'F0 F1 F2 F3 F4 F5 F6 F7 K0 K1 K2 K3 K4 K5 K6 K7',
]
  .join(' ')
  .split(' ');

const waveforms: Readonly<Record<number, readonly [timer: number, channel: CompareChannel]>> = {
  2: [3, 'B'],
  3: [3, 'C'],
  4: [0, 'B'],
  5: [3, 'A'],
  6: [4, 'A'],
  7: [4, 'B'],
  8: [4, 'C'],
  9: [2, 'B'],
  10: [2, 'A'],
  11: [1, 'A'],
  12: [1, 'B'],
  13: [0, 'A'],
  44: [5, 'C'],
  45: [5, 'B'],
  46: [5, 'A'],
};

const pins: readonly PinWiring[] = places.map((place, pin) => {
  const [timer, channel] = waveforms[pin] ?? [];
  return {
    port: portCalled[place.charAt(0)] ?? registersAt(0x20),
    bit: Number(place.charAt(1)),
    waveform: timer === undefined || channel === undefined ? null : { timer, channel },
  };
});

/** Datasheet DS40002211A: memories section 8, vectors table 14-1, register summary section 34. */
export const atmega2560: Mcu = {
  name: 'atmega2560',
  flashBytes: 0x40000,
  sramStart: 0x200,
  sramBytes: 8192,
  eepromBytes: 4096,
  timers: [
    { ...timer0Registers, vectors: { overflow: 0x2e, compareA: 0x2a, compareB: 0x2c } },
    { ...timer1Registers, vectors: { overflow: 0x28, compareA: 0x22, compareB: 0x24, compareC: 0x26 } },
    { ...timer2Registers, vectors: { overflow: 0x1e, compareA: 0x1a, compareB: 0x1c } },
    { ...timer3Registers, vectors: { overflow: 0x46, compareA: 0x40, compareB: 0x42, compareC: 0x44 } },
    { ...timer4Registers, vectors: { overflow: 0x5a, compareA: 0x54, compareB: 0x56, compareC: 0x58 } },
    { ...timer5Registers, vectors: { overflow: 0x64, compareA: 0x5e, compareB: 0x60, compareC: 0x62 } },
  ],
  pins,
  firstAnalogPin: 54,
  analogChannels: 16,
  // PCINT8 is on port E: the receive pin of the serial port, which nothing else is wired to.
  pinChanges: [
    { port: ports.B, mask: 0xff, offset: 0, vector: 0x12 },
    { port: ports.J, mask: 0x7f, offset: 1, vector: 0x14 },
    { port: ports.K, mask: 0xff, offset: 0, vector: 0x16 },
  ],
  vectors: {
    receiveComplete: 0x32,
    dataRegisterEmpty: 0x34,
    transmitComplete: 0x36,
    watchdog: 0x18,
    adc: 0x3a,
    eepromReady: 0x3c,
    twi: 0x4e,
  },
};
