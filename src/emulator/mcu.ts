import type { TimerWiring } from './timer-wiring.js';

/** Data addresses of a port's three registers. */
export interface PortRegisters {
  readonly PIN: number;
  readonly DDR: number;
  readonly PORT: number;
  /** By bit: the number of the external interrupt that its pin asks for. */
  readonly externalInterrupts?: Readonly<Record<number, number>>;
}

/** Where a pin of the Arduino numbering comes out. */
export interface PinWiring {
  readonly port: PortRegisters;
  readonly bit: number;
  /** Whose waveform it can carry: the timer's place in `Mcu.timers`, and the compare channel. */
  readonly waveform: { readonly timer: number; readonly channel: CompareChannel } | null;
}

export type CompareChannel = 'A' | 'B' | 'C';

/** Pins of a port that interrupt together when one of them changes: PCINT0 to 7, 8 to 15, …, by their groups. */
export interface PinChangeGroup {
  readonly port: PortRegisters;
  /** Of the port's pins. */
  readonly mask: number;
  /** The place in PCMSK of the port's lowest pin. */
  readonly offset: number;
  readonly vector: number;
}

/** What tells one microcontroller from another: memory map, vectors (word addresses), timers and pins. */
export interface Mcu {
  readonly name: string;
  readonly flashBytes: number;
  /** First data address behind the registers. */
  readonly sramStart: number;
  readonly sramBytes: number;
  readonly eepromBytes: number;
  readonly timers: readonly TimerWiring[];
  /** By Arduino's number. */
  readonly pins: readonly PinWiring[];
  /** Arduino's number of A0. */
  readonly firstAnalogPin: number;
  readonly analogChannels: number;
  readonly pinChanges: readonly PinChangeGroup[];
  readonly vectors: {
    readonly receiveComplete: number;
    readonly dataRegisterEmpty: number;
    readonly transmitComplete: number;
    readonly watchdog: number;
    readonly adc: number;
    readonly eepromReady: number;
    readonly twi: number;
  };
}
