import type { BoardKind } from '../../config/config.js';

/** What wiring has to know of a board kind. Figures: boards/KIND/board.json, which a test compares. */
export interface BoardPins {
  readonly name: string;
  /** Level of its outputs, and the most its inputs bear. */
  readonly volts: number;
  /** Names of pins that a program may use. */
  readonly pins: readonly string[];
  /** Pins that something else drives, and what. */
  readonly taken: Readonly<Record<string, string>>;
  readonly maxMilliampsPerPin: number;
}

const SERIAL = 'it is the serial line to the gateway';
const TAKEN = {
  D0: SERIAL,
  D1: SERIAL,
  D13: 'it is the LED, which the bootloader blinks at every reset: whatever hangs on it is switched by that',
};

const small = (name: string): BoardPins => ({
  name,
  volts: 5,
  pins: [...digital(2, 13), ...analog(6)],
  taken: TAKEN,
  maxMilliampsPerPin: 20,
});

export const BOARD_PINS: Readonly<Record<BoardKind, BoardPins>> = {
  uno: small('Arduino Uno R3'),
  nano: small('Arduino Nano'),
  'nano-old': small('Arduino Nano, old bootloader'),
  mega2560: {
    name: 'Arduino Mega 2560',
    volts: 5,
    pins: [...digital(2, 53), ...analog(16)],
    taken: TAKEN,
    maxMilliampsPerPin: 20,
  },
  // A program on the host: it has numbers for pins, and no pins.
  posix: {
    name: 'process on the host',
    volts: 3.3,
    pins: [...digital(2, 13), ...analog(6)],
    taken: {},
    maxMilliampsPerPin: 0,
  },
};

/** The outputs that are drawn for so many channels when the configuration names none: those of the heater first. */
export function defaultOutputs(channels: number): readonly string[] {
  return ['D9', 'D8', 'D7', 'D6', 'D5', 'D4', 'D3', 'D2'].slice(0, channels);
}

function digital(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `D${from + index}`);
}

function analog(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `A${index}`);
}
