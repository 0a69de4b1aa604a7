import { SeededRandom } from '../random/seeded-random.js';
import { atmega328p } from './atmega328p.js';
import type { OutputListener, TransmitListener } from './board-listeners.js';
import { type CharacterFormat, eightNoneOne, heardBits } from './character-format.js';
import { loadHex } from './hex.js';
import { Machine, type Stall } from './machine.js';
import type { StuckBit } from './machine-parts.js';
import type { Mcu } from './mcu.js';
import { OutsideInputs } from './outside-inputs.js';
import type { OutsideLevel } from './peripherals/pin-inputs.js';
import { MCUSR, MCUSR_EXTRF, MCUSR_PORF, MCUSR_WDRF } from './registers.js';

const nominalCyclesPerUs = 16;
/** The supply has to rise and the crystal to settle (fuse SUT, 65 ms) before the first instruction after power-on. */
const powerOnDelayUs = 65_000;

/** What an emulated board is made of. */
export interface EmulatedBoardOptions {
  /** An ATmega328P when not given, which makes it an Uno. */
  readonly mcu?: Mcu;
  /** The program as Intel HEX. */
  readonly hex: string;
  /** Decides the random content of SRAM at power-on. */
  readonly seed: number;
  /** What its EEPROM holds at first; erased without it. A copy is made. */
  readonly eeprom?: Uint8Array;
  /** How far the crystal is off, in parts per million; 5000 is 0.5 %. */
  readonly clockErrorPpm?: number;
  /** Emulated time at which the supply comes on. */
  readonly bornUs?: number;
  /** No wire's pace: the CPU cycles of a byte on its way out; see `Usart`. */
  readonly byteCycles?: number;
  /** See `MachineParts`. */
  readonly executesIdleLoops?: boolean;
}

/**
 * An Arduino board: the real program on an emulated microcontroller at 16 MHz. It is built in reset with its supply on, and starts at
 * the first `runUntilUs` after the power-on delay. Emulated time is the world's; the board's cycles follow its own crystal.
 */
export class EmulatedBoard {
  onTransmit: TransmitListener = () => undefined;
  onOutput: OutputListener = () => undefined;
  /** How often it started, and why it last did. */
  readonly starts = { powerOn: 0, external: 0, watchdog: 0 };
  /** Kept over resets and losses of power. */
  readonly outside: OutsideInputs;
  readonly #mcu: Mcu;
  #program: Uint16Array;
  readonly #random: SeededRandom;
  readonly #cyclesPerUs: number;
  readonly #byteCycles: number | null;
  readonly #executesIdleLoops: boolean;
  /** Kept over resets and losses of power. */
  readonly #eeprom: Uint8Array;
  readonly #twiDevices = new Map<number, Uint8Array>();
  readonly #breakpoints = new Map<number, () => void>();
  readonly #duties: Uint8Array;
  readonly #stuckBits: StuckBit[] = [];
  #sram: Uint8Array;
  #machine: Machine | null = null;
  #resetFlags = 0;
  /** While there is no machine: when the program starts. */
  #startUs: number;
  #nowUs: number;
  #stallUntilUs = 0;

  constructor(options: EmulatedBoardOptions) {
    const mcu = options.mcu ?? atmega328p;
    this.#mcu = mcu;
    this.#eeprom = new Uint8Array(mcu.eepromBytes).fill(0xff);
    this.outside = new OutsideInputs(mcu.analogChannels, (pin) => {
      this.#machine?.settle();
      this.#machine?.inputs.look(pin);
    });
    this.#duties = new Uint8Array(mcu.pins.length);
    this.#sram = new Uint8Array(mcu.sramBytes);
    this.#program = new Uint16Array(loadHex(options.hex, mcu.flashBytes).buffer);
    this.#random = new SeededRandom(options.seed);
    if (options.eeprom !== undefined) this.#eeprom.set(options.eeprom);
    this.#cyclesPerUs = nominalCyclesPerUs * (1 + (options.clockErrorPpm ?? 0) / 1e6);
    this.#byteCycles = options.byteCycles ?? null;
    this.#executesIdleLoops = options.executesIdleLoops ?? false;
    this.#nowUs = options.bornUs ?? 0;
    this.#startUs = this.#nowUs;
    this.#applySupply(this.#nowUs);
  }

  get nowUs(): number {
    return this.#nowUs;
  }

  /** The life it is in, for counters and registers; null while it is held in reset or has no supply. */
  get machine(): Machine | null {
    return this.#machine;
  }

  runUntilUs(untilUs: number): void {
    while (this.#nowUs < untilUs) {
      if (this.#machine === null) this.#waitForStart(untilUs);
      else this.#runMachine(this.#machine, untilUs);
    }
  }

  /**
   * Runs until its program sleeps with nothing under way on its serial port: true. Where it does not come to that by
   * `untilUs`, it stops there: false.
   */
  runUntilRest(untilUs: number): boolean {
    while (this.#machine?.isAtRest !== true) {
      if (this.#nowUs >= untilUs) return false;
      if (this.#machine === null) this.#waitForStart(untilUs);
      else this.#runMachine(this.#machine, untilUs, true);
    }
    return true;
  }

  runForUs(durationUs: number): void {
    this.runUntilUs(this.#nowUs + durationUs);
  }

  /** Runs to a cycle of the board's own clock, counted from emulated time zero. */
  runUntilCycle(cycle: number): void {
    this.runUntilUs(cycle / this.#cyclesPerUs);
  }

  /** What its program has set its serial port to, in bits per second as its own crystal makes them; null in reset. */
  get baudRate(): number | null {
    return this.#machine === null ? null : (this.#cyclesPerUs * 1e6) / this.#machine.usart.bitCycles;
  }

  receive(byte: number, startUs: number, baudRate: number, format: CharacterFormat = eightNoneOne): void {
    const bitUs = 1e6 / baudRate;
    const endCycle = Math.round((startUs + heardBits(format) * bitUs) * this.#cyclesPerUs);
    this.#machine?.usart.line.put({ byte, endCycle, bitCycles: bitUs * this.#cyclesPerUs, format });
  }

  dropReceiving(): void {
    this.#machine?.usart.line.clear();
  }

  duty(pin: number): number {
    return this.#duties[pin] ?? 0;
  }

  /** Its program drives this pin (Arduino's number), so that nothing from outside does. */
  isOutput(pin: number): boolean {
    const wiring = this.#mcu.pins[pin];
    if (wiring === undefined) return false;
    return ((this.#machine?.register(wiring.port.DDR) ?? 0) & (1 << wiring.bit)) !== 0;
  }

  /** Sets the voltage at A0 + `channel`. */
  setVolts(channel: number, volts: number): void {
    this.outside.setVolts(channel, volts);
  }

  /** Wires a level to a digital pin (Arduino's number); null: nothing is wired, and a pull-up decides. */
  setLevel(pin: number, level: OutsideLevel): void {
    this.outside.setLevel(pin, level);
  }

  /** Hangs a device on the two-wire bus (I2C), or changes what it answers from the next time on that it is read. */
  setTwiDevice(address: number, answer: Uint8Array): void {
    this.#twiDevices.set(address, answer);
  }

  resetExternal(startDelayUs = 0): void {
    if (this.#startUs === Number.POSITIVE_INFINITY) return;
    this.#end(MCUSR_EXTRF);
    this.starts.external += 1;
    this.#startUs = this.#nowUs + startDelayUs;
  }

  /** It is held in reset while its flash is written; then the new program starts. What SRAM and EEPROM hold stays. */
  flash(hex: string, takesUs = 0): void {
    const flash = loadHex(hex, this.#mcu.flashBytes);
    this.resetExternal(takesUs);
    this.#program = new Uint16Array(flash.buffer);
  }

  powerCycle(offUs = 0): void {
    this.#end(0);
    this.#applySupply(this.#nowUs + offUs);
  }

  halt(options: { readonly watchdogWorks?: boolean } = {}): void {
    this.#stall('all', Number.POSITIVE_INFINITY, options.watchdogWorks ?? false);
  }

  pauseForUs(
    durationUs: number,
    options: { readonly interrupts?: 'run' | 'stop'; readonly watchdogWorks?: boolean } = {},
  ): void {
    const stall = options.interrupts === 'stop' ? 'all' : 'mainline';
    this.#stall(stall, this.#now() + durationUs, options.watchdogWorks ?? false);
  }

  /** Flips bits of a byte of SRAM or of a register (data address). */
  pokeRam(address: number, xorMask: number): void {
    const data = this.#machine?.cpu.data;
    if (data !== undefined) data[address] = (data[address] ?? 0) ^ xorMask;
  }

  /** From now on a bit of SRAM or of a register (data address) keeps its value, across resets too: the hardware is broken. */
  stickBit(address: number, bit: number, value: 0 | 1): void {
    this.#machine?.settle();
    this.#stuckBits.push({ address, bit, value });
  }

  /** Flips bits of a byte of flash, for good. */
  flipFlash(byteAddress: number, xorMask: number): void {
    this.#machine?.settle();
    const word = byteAddress >> 1;
    this.#program[word] = (this.#program[word] ?? 0) ^ (byteAddress & 1 ? xorMask << 8 : xorMask);
  }

  readRam(address: number, length: number): Uint8Array {
    const data = this.#machine?.cpu.data;
    const { sramStart } = this.#mcu;
    return data === undefined
      ? this.#sram.slice(address - sramStart, address - sramStart + length)
      : data.slice(address, address + length);
  }

  /** Calls `reached` once, before the instruction at this byte address of flash runs; stays set across resets. */
  breakpointOnce(byteAddress: number, reached: () => void): void {
    const word = byteAddress >> 1;
    const once = () => {
      this.#breakpoints.delete(word);
      reached();
    };
    this.#breakpoints.set(word, once);
    this.#machine?.breakOnce(word, once);
  }

  /** Emulated time at the instruction in work, for what is called from inside the machine. */
  #now(): number {
    return this.#machine === null ? this.#nowUs : this.#machine.cycles / this.#cyclesPerUs;
  }

  #stall(stall: Stall, untilUs: number, watchdogWorks: boolean): void {
    if (this.#machine === null) return;
    this.#machine.stall = stall;
    this.#machine.watchdog.suspended = !watchdogWorks;
    this.#stallUntilUs = untilUs;
  }

  #waitForStart(untilUs: number): void {
    this.#nowUs = Math.min(untilUs, this.#startUs);
    if (this.#nowUs < this.#startUs) return;
    const machine = new Machine({
      mcu: this.#mcu,
      program: this.#program,
      sram: this.#sram,
      eeprom: this.#eeprom,
      volts: this.outside.volts,
      levels: this.outside.levels,
      twiDevices: this.#twiDevices,
      stuckBits: this.#stuckBits,
      executesIdleLoops: this.#executesIdleLoops,
      resetFlags: this.#resetFlags,
      startCycle: Math.ceil(this.#nowUs * this.#cyclesPerUs),
      onDuty: (pin, duty) => this.#drive(pin, duty),
      onWatchdog: () => {
        this.starts.watchdog += 1;
        this.#end(MCUSR_WDRF);
        this.#startUs = this.#nowUs;
      },
    });
    machine.usart.onTransmitted = (byte, cycle, bitCycles, format) => {
      this.onTransmit(byte, cycle / this.#cyclesPerUs, (this.#cyclesPerUs * 1e6) / bitCycles, format);
    };
    machine.usart.byteCycles = this.#byteCycles;
    for (const [word, reached] of this.#breakpoints) machine.breakOnce(word, reached);
    this.#machine = machine;
  }

  #runMachine(machine: Machine, untilUs: number, stopsAtRest = false): void {
    const stalled = machine.stall !== 'none';
    const stopUs = stalled ? Math.min(untilUs, this.#stallUntilUs) : untilUs;
    const stopCycle = Math.ceil(stopUs * this.#cyclesPerUs);
    machine.run(stopCycle, stopsAtRest);
    if (this.#machine !== machine) return;
    const reachedUs = machine.cycles / this.#cyclesPerUs;
    // At least where it was to stop: a whole number of cycles, divided, may come out the least bit earlier.
    this.#nowUs = Math.max(machine.cycles >= stopCycle ? stopUs : this.#nowUs, reachedUs);
    if (stalled && this.#nowUs >= this.#stallUntilUs) {
      machine.stall = 'none';
      machine.watchdog.suspended = false;
    }
  }

  #drive(pin: number, duty: number): void {
    this.#duties[pin] = duty;
    this.onOutput(this.#now(), pin, duty);
  }

  /** This life is over: what SRAM held stays, pins float. */
  #end(flags: number): void {
    const machine = this.#machine;
    if (machine === null) {
      this.#resetFlags |= flags;
      return;
    }
    this.#nowUs = this.#now();
    this.#resetFlags = (machine.cpu.data[MCUSR] ?? 0) | flags;
    const { sramStart, sramBytes } = this.#mcu;
    this.#sram = machine.cpu.data.slice(sramStart, sramStart + sramBytes);
    machine.isOver = true;
    this.#machine = null;
    for (let pin = 0; pin < this.#duties.length; pin += 1) {
      if (this.duty(pin) !== 0) this.#drive(pin, 0);
    }
  }

  #applySupply(atUs: number): void {
    this.starts.powerOn += 1;
    this.#resetFlags = MCUSR_PORF;
    for (let index = 0; index < this.#sram.length; index += 1) this.#sram[index] = this.#random.nextBelow(256);
    this.#startUs = atUs + powerOnDelayUs;
  }
}
