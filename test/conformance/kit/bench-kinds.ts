import { readFileSync } from 'node:fs';
import type { BenchBoard } from '../../../src/bench/bench-board.js';
import { ScriptedBoard } from '../../../src/bench/scripted-board.js';
import { heaterHex, heaterSymbols } from '../../../src/bench/stage/heater-image.js';
import { atmega328p } from '../../../src/emulator/atmega328p.js';
import { atmega2560 } from '../../../src/emulator/atmega2560.js';
import { EmulatedBoard } from '../../../src/emulator/emulated-board.js';
import type { Mcu } from '../../../src/emulator/mcu.js';
import { FrameSplitter } from '../../../src/protocol/frame-splitter.js';
import type { Message } from '../../../src/protocol/messages.generated.js';
import type { BoardKind, BoardUnderTest } from './board-under-test.js';
import type { ArduinoHeater } from './build-posix.js';

const BAUD_RATE = 500_000;
const BYTE_US = 20;
/** The program does not need this bit of it, so that it can still tell. */
const LITTLE_USED_REGISTER = 7;
const ADC_VOLTS = 5;
const ADC_STEPS = 1024;
const DUTY_PIN = 9;
const TRIP_PIN = 8;
const FULL_DUTY = 255;
/** Emulated time before the first instruction: the rest of a start is the program's. */
const POWER_ON_MS = 65;

interface Faults {
  setSource(counts: number): void;
  flipState(bit: number): void;
  flipDuty(bits: number): void;
  stickRam(at: number, bit: number, value: 0 | 1): void;
  breakRegisters(): void;
}

/** A board of the bench, in emulated time. */
function onBench(board: BenchBoard, faults: Faults): BoardUnderTest {
  const heard: Message[] = [];
  const splitter = new FrameSplitter();
  let nowUs = 0;
  board.onTransmit = (byte) => {
    for (const received of splitter.push(Uint8Array.of(byte))) if (received.ok) heard.push(received.message);
  };
  const run = (durationMs: number): void => {
    nowUs += durationMs * 1000;
    board.runUntilUs(nowUs);
  };
  run(POWER_ON_MS);
  return {
    heard,
    give(bytes) {
      let startUs = nowUs;
      for (const byte of bytes) {
        board.receive(byte, startUs, BAUD_RATE);
        startUs += BYTE_US;
      }
    },
    run: async (durationMs) => run(durationMs),
    levels: () => ({ duty: board.duty(DUTY_PIN), trip: board.duty(TRIP_PIN) / FULL_DUTY }),
    setSource: async (counts) => faults.setSource(counts),
    flipState: async (bit) => faults.flipState(bit),
    flipDuty: async (bits) => faults.flipDuty(bits),
    stickRam: async (at, bit, value) => faults.stickRam(at, bit, value),
    breakRegisters: async () => faults.breakRegisters(),
    reset: async () => board.resetExternal(),
    close: async () => undefined,
  };
}

/** The board of the simulation and of bench scenarios, in TypeScript. */
export const simulatedKind: BoardKind = {
  name: 'the simulated board',
  ramBytes: 2048,
  start: async () => {
    let counts = 0;
    const board = new ScriptedBoard({ seed: 1, window: 2, startUs: POWER_ON_MS * 1000, readOwnSource: () => counts });
    return onBench(board, {
      setSource: (read) => {
        counts = read;
      },
      flipState: (bit) => board.corruptState(bit >> 3, 1 << (bit & 7)),
      stickRam: (at) => board.defects.stuckCells.add(at),
      breakRegisters: () => {
        board.defects.wrongCpu = true;
      },
      flipDuty: (bits) => board.corruptOutput(DUTY_PIN, board.duty(DUTY_PIN) ^ bits),
    });
  },
};

interface AvrProgram {
  readonly mcu: Mcu;
  readonly hex: string;
  readonly stateAddress: number;
  readonly registersDiffer: number;
  /** Compare register of pin 9 (register summary of the data sheets). */
  readonly dutyRegister: number;
}

const OCR1AL = 0x88;
const OCR2B = 0xb4;

/** A real program on an emulated processor. */
function emulated({ mcu, hex, stateAddress, registersDiffer, dutyRegister }: AvrProgram): BoardUnderTest {
  const avr = new EmulatedBoard({ mcu, hex, seed: 1 });
  return onBench(avr, {
    setSource: (counts) => avr.setVolts(0, ((counts + 0.5) * ADC_VOLTS) / ADC_STEPS),
    flipState: (bit) => avr.pokeRam(stateAddress + (bit >> 3), 1 << (bit & 7)),
    stickRam: (at, bit, value) => avr.stickBit(mcu.sramStart + at, bit, value),
    breakRegisters: () => avr.breakpointOnce(registersDiffer, () => avr.stickBit(LITTLE_USED_REGISTER, 7, 1)),
    flipDuty: (bits) => avr.pokeRam(dutyRegister, bits),
  });
}

/** The committed image on an emulated ATmega328P. */
export const unoKind: BoardKind = {
  name: 'the emulated Uno',
  ramBytes: atmega328p.sramBytes,
  start: async () => emulated({ mcu: atmega328p, hex: heaterHex(), dutyRegister: OCR1AL, ...heaterSymbols() }),
};

/** The same program for another processor, on other timers. */
export const megaKind: BoardKind = {
  name: 'the emulated Mega 2560',
  ramBytes: atmega2560.sramBytes,
  start: async () =>
    emulated({
      ...{ mcu: atmega2560, hex: heaterHex('heater', 'mega2560'), dutyRegister: OCR2B },
      ...heaterSymbols('heater', 'mega2560'),
    }),
};

/** The same heater on the Arduino core's own Serial, pins and clock. */
export const arduinoKind = ({ hex, stateAddress, registersDiffer }: ArduinoHeater): BoardKind => ({
  name: 'the Arduino library',
  ramBytes: atmega328p.sramBytes,
  start: async () =>
    emulated({
      ...{ mcu: atmega328p, hex: readFileSync(hex, 'utf8'), dutyRegister: OCR1AL },
      ...{ stateAddress, registersDiffer },
    }),
});
