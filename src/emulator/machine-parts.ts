import type { Mcu } from './mcu.js';
import type { OutsideLevel } from './peripherals/pin-inputs.js';
import type { DutyListener } from './peripherals/pin-outputs.js';

/** A bit of data memory (a register, or RAM) that keeps its value whatever is written. */
export interface StuckBit {
  readonly address: number;
  /** 0 to 7. */
  readonly bit: number;
  readonly value: 0 | 1;
}

/** What a machine is built from; all of it outlives the machine. */
export interface MachineParts {
  /** An ATmega328P when not given. */
  readonly mcu?: Mcu;
  readonly program: Uint16Array;
  readonly sram: Uint8Array;
  readonly eeprom: Uint8Array;
  readonly volts: Float64Array;
  /** What is wired to digital pins, by Arduino's number. */
  readonly levels?: ReadonlyMap<number, OutsideLevel>;
  /** What hangs on the two-wire bus, by address: what each answers when it is read. */
  readonly twiDevices?: ReadonlyMap<number, Uint8Array>;
  /** May grow while the machine runs. */
  readonly stuckBits?: readonly StuckBit[];
  /** The reset flags with which it starts. */
  readonly resetFlags: number;
  readonly startCycle: number;
  readonly onDuty: DutyListener;
  readonly onWatchdog: () => void;
  /** Every turn of a loop that waits is executed, though it changes nothing: to be compared with. */
  readonly executesIdleLoops?: boolean;
}
