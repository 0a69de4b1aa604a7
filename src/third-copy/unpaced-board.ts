import { EmulatedBoard } from '../emulator/emulated-board.js';
import { mcuNamed } from '../emulator/mcu-named.js';
import { eepromWithUnit } from './eeprom-with-unit.js';

export interface UnpacedBoardOptions {
  /** The program as Intel HEX. */
  readonly hex: string;
  /** The name of its microcontroller; an ATmega328P when not given. */
  readonly mcu?: string;
  /** Decides what its memory wakes up with, and so its boot number: another one for every life. */
  readonly seed: number;
  /** A program that never sleeps counts as waiting after so long without a byte either way, in emulated microseconds. */
  readonly quietUs: number;
}

/**
 * CPU cycles from one byte to the next, either way: a third of what 500000 baud takes, and about what an interrupt takes
 * that moves one. So the program polls a third as often for the same bytes; none is lost, whatever its interrupts take.
 */
const BYTE_CYCLES = 100;
/** It is no board of its own, and another one for every life. */
const NO_UNIT = 0;
const CYCLES_PER_US = 16;
/** How closely a program that does not sleep is watched, in emulated microseconds. */
const POLL_EVERY_US = 1000;

/**
 * An emulated board whose time goes on only while it has something to do: it runs as fast as the processor allows until it
 * waits for its next byte, and then stands still. So neither its silence time (R11) nor its watchdog ever runs out while
 * nobody speaks to it, and a board that waits costs nothing.
 */
export class UnpacedBoard {
  readonly #board: EmulatedBoard;
  readonly #quietUs: number;
  #sent: number[] = [];
  /** Given before the program has set up its serial port. */
  readonly #waiting: number[] = [];
  #isUp = false;
  #lineFreeUs = 0;
  #lastWorkUs = 0;

  /** @throws CopycatError EMULATOR_FAILED for a damaged image, or a microcontroller that is not emulated */
  constructor(options: UnpacedBoardOptions) {
    const { hex, seed } = options;
    const mcu = mcuNamed(options.mcu ?? 'atmega328p');
    this.#board = new EmulatedBoard({
      mcu,
      hex,
      seed,
      eeprom: eepromWithUnit(NO_UNIT, mcu.eepromBytes),
      byteCycles: BYTE_CYCLES,
    });
    this.#quietUs = options.quietUs;
    this.#board.onTransmit = (byte, atUs) => {
      this.#sent.push(byte);
      this.#lastWorkUs = atUs;
    };
  }

  /** How much of its own time has passed, in microseconds. */
  get nowUs(): number {
    return this.#board.nowUs;
  }

  /** How often it started. */
  get starts(): number {
    const { powerOn, external, watchdog } = this.#board.starts;
    return powerOn + external + watchdog;
  }

  /** Gives it bytes, which arrive one behind the other as fast as it takes them. */
  give(bytes: Uint8Array): void {
    if (this.#isUp) this.#putOnLine(bytes);
    else this.#waiting.push(...bytes);
  }

  /** Runs until it waits for its next byte: true; false: it still works after `mostUs` of its own time. */
  run(mostUs: number): boolean {
    const untilUs = this.#board.nowUs + mostUs;
    for (;;) {
      if (this.#runSome(untilUs)) {
        if (this.#waiting.length === 0) return true;
        this.#isUp = true;
        this.#putOnLine(this.#waiting.splice(0));
      } else if (this.#board.nowUs >= untilUs) {
        return false;
      }
    }
  }

  /** What it has sent since it was last asked. */
  takeSent(): Uint8Array {
    const sent = Uint8Array.from(this.#sent);
    this.#sent = [];
    return sent;
  }

  /** True when it waits. */
  #runSome(untilUs: number): boolean {
    const board = this.#board;
    if (board.runUntilRest(Math.min(untilUs, board.nowUs + POLL_EVERY_US))) {
      this.#isUp = true;
      return true;
    }
    if (board.machine === null || !board.machine.usart.isQuiet) this.#lastWorkUs = board.nowUs;
    if (board.nowUs - this.#lastWorkUs < this.#quietUs) return false;
    this.#isUp = true;
    return true;
  }

  #putOnLine(bytes: Iterable<number>): void {
    const board = this.#board;
    const { baudRate } = board;
    // In reset it is deaf, as a real one is: the gateway repeats what matters (R14).
    if (baudRate === null) return;
    let startUs = Math.max(board.nowUs, this.#lineFreeUs);
    for (const byte of bytes) {
      board.receive(byte, startUs, baudRate);
      startUs += BYTE_CYCLES / CYCLES_PER_US;
    }
    this.#lineFreeUs = startUs;
    this.#lastWorkUs = startUs;
  }
}
