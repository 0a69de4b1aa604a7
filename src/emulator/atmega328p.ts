import type { CompareChannel, Mcu, PinWiring } from './mcu.js';
import { timer0Registers, timer1Registers, timer2Registers } from './timer-wiring.js';

const portB = { PIN: 0x23, DDR: 0x24, PORT: 0x25 };
const portC = { PIN: 0x26, DDR: 0x27, PORT: 0x28 };
const portD = { PIN: 0x29, DDR: 0x2a, PORT: 0x2b, externalInterrupts: { 2: 0, 3: 1 } };

const waveforms: Readonly<Record<number, readonly [timer: number, channel: CompareChannel]>> = {
  3: [2, 'B'],
  5: [0, 'B'],
  6: [0, 'A'],
  9: [1, 'A'],
  10: [1, 'B'],
  11: [2, 'A'],
};

/** Arduino's Uno: 0 to 7 are port D, 8 to 13 port B, 14 to 19 (A0 to A5) port C. */
const pins: readonly PinWiring[] = Array.from({ length: 20 }, (_, pin) => {
  const [timer, channel] = waveforms[pin] ?? [];
  const waveform = timer === undefined || channel === undefined ? null : { timer, channel };
  if (pin < 8) return { port: portD, bit: pin, waveform };
  if (pin < 14) return { port: portB, bit: pin - 8, waveform };
  return { port: portC, bit: pin - 14, waveform };
});

/** Datasheet DS40002061B: memories section 8, vectors table 12-6. */
export const atmega328p: Mcu = {
  name: 'atmega328p',
  flashBytes: 0x8000,
  sramStart: 0x100,
  sramBytes: 2048,
  eepromBytes: 1024,
  timers: [
    { ...timer0Registers, vectors: { overflow: 0x20, compareA: 0x1c, compareB: 0x1e } },
    { ...timer1Registers, OCRC: 0, vectors: { overflow: 0x1a, compareA: 0x16, compareB: 0x18 } },
    { ...timer2Registers, vectors: { overflow: 0x12, compareA: 0x0e, compareB: 0x10 } },
  ],
  pins,
  firstAnalogPin: 14,
  analogChannels: 8,
  pinChanges: [
    { port: portB, mask: 0xff, offset: 0, vector: 0x06 },
    { port: portC, mask: 0x7f, offset: 0, vector: 0x08 },
    { port: portD, mask: 0xff, offset: 0, vector: 0x0a },
  ],
  vectors: {
    receiveComplete: 0x24,
    dataRegisterEmpty: 0x26,
    transmitComplete: 0x28,
    watchdog: 0x0c,
    adc: 0x2a,
    eepromReady: 0x2c,
    twi: 0x30,
  },
};
