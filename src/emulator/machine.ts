import { avrInstruction, CPU } from 'avr8js';
import { atmega328p } from './atmega328p.js';
import { CycleEvents } from './cycle-events.js';
import { IdleLoop } from './idle-loop.js';
import type { MachineParts, StuckBit } from './machine-parts.js';
import { Adc } from './peripherals/adc.js';
import { Eeprom } from './peripherals/eeprom.js';
import { PinInputs } from './peripherals/pin-inputs.js';
import { PinOutputs } from './peripherals/pin-outputs.js';
import { Timer } from './peripherals/timer.js';
import { Twi } from './peripherals/twi.js';
import { Usart } from './peripherals/usart.js';
import { Watchdog } from './peripherals/watchdog.js';
import { MCUSR, SMCR, SREG } from './registers.js';

const opcodeSleep = 0x9588;
const opcodeSei = 0x9478;
const opcodeReti = 0x9518;
/** OUT to SREG, from any register. */
const opcodeOutSreg = 0xbe0f;
const outSregMask = 0xfe0f;
const interruptsEnabled = 0x80;
const sleepEnabled = 1;
const wakeUpCycles = 4;

/**
 * One instruction always runs after one that may set the I flag (section 7.7): "sei; sleep" cannot lose its wake-up, and
 * the compiler's "out SPH; out SREG; out SPL" cannot be interrupted while the stack pointer is half written.
 */
function enablesInterrupts(opcode: number | undefined): boolean {
  if (opcode === undefined) return false;
  return opcode === opcodeSei || opcode === opcodeReti || (opcode & outSregMask) === opcodeOutSreg;
}

/** How the CPU is held up, if it is: `mainline` lets interrupts go on, `all` does not. */
export type Stall = 'none' | 'mainline' | 'all';

/**
 * One life of a microcontroller, from a reset to the next. avr8js's `cpu.reset()` leaves peripherals and clock events as they
 * were, so a reset is a new machine.
 */
export class Machine {
  readonly usart: Usart;
  readonly watchdog: Watchdog;
  readonly outputs: PinOutputs;
  readonly inputs: PinInputs;
  /** Set by whoever ends this life (the watchdog): `run` returns at once. */
  isOver = false;
  /** How long the CPU slept, in cycles. */
  sleptCycles = 0;
  /** How long it waited in loops whose turns were not executed, in cycles. */
  leftOutCycles = 0;
  readonly #cpu: CPU;
  readonly #events: CycleEvents;
  readonly #idleLoop: IdleLoop | null;
  readonly #breakpoints = new Map<number, () => void>();
  #stall: Stall = 'none';
  /** While it waits in a loop whose turns are left out: the cycle that it has come to, ahead of the processor's; otherwise null. */
  #waitedTo: number | null = null;
  readonly #stuckBits: readonly StuckBit[];
  #isAsleep = false;
  /** The stack pointer to which the handler that runs during a stall returns. */
  #handlerStack: number | null = null;

  constructor(parts: MachineParts) {
    const mcu = parts.mcu ?? atmega328p;
    // avr8js counts the registers below 0x100 apart: those above them belong to what it calls SRAM.
    const cpu = new CPU(parts.program, mcu.sramStart + mcu.sramBytes - 0x100);
    this.#cpu = cpu;
    this.#stuckBits = parts.stuckBits ?? [];
    this.#events = new CycleEvents(mcu.timers.length);
    cpu.cycles = parts.startCycle;
    cpu.data.set(parts.sram, mcu.sramStart);
    cpu.data[MCUSR] = parts.resetFlags;
    this.inputs = new PinInputs(cpu, mcu, parts.levels ?? new Map());
    const timers = mcu.timers.map((wiring) => new Timer(cpu, this.#events, wiring));
    this.usart = new Usart(cpu, this.#events, mcu.vectors);
    this.watchdog = new Watchdog(cpu, this.#events, mcu.vectors.watchdog, parts.onWatchdog);
    new Adc(cpu, this.#events, mcu.vectors.adc, parts.volts);
    new Eeprom(cpu, this.#events, mcu.vectors.eepromReady, parts.eeprom);
    new Twi(cpu, this.#events, mcu.vectors.twi, parts.twiDevices ?? new Map());
    this.outputs = new PinOutputs(cpu, mcu, this.inputs.ports, timers, parts.onDuty);
    // Behind all peripherals, whose registers it has to watch.
    this.#idleLoop = parts.executesIdleLoops === true ? null : new IdleLoop(cpu);
  }

  /** The processor as it is now: for who looks at it, and for who changes it. */
  get cpu(): CPU {
    this.settle();
    return this.#cpu;
  }

  /** A register that belongs to a peripheral, by its data address: no turn of a loop that waits changes it. */
  register(address: number): number {
    return this.#cpu.data[address] ?? 0;
  }

  /** The cycle that this life has come to. */
  get cycles(): number {
    return this.#waitedTo ?? this.#cpu.cycles;
  }

  get stall(): Stall {
    return this.#stall;
  }

  set stall(stall: Stall) {
    this.settle();
    this.#stall = stall;
  }

  /** Calls `reached` once, before the instruction at this word address runs. */
  breakOnce(word: number, reached: () => void): void {
    this.settle();
    this.#breakpoints.set(word, reached);
  }

  /** To be called before anything from outside changes memory, program or pins, or reads what a turn of a loop changes. */
  settle(): void {
    if (this.#waitedTo !== null) this.#goOn(this.#waitedTo, this.#waitedTo);
    this.#idleLoop?.forget();
  }

  /** The program sleeps and nothing is under way on its serial port: only time can wake it. */
  get isAtRest(): boolean {
    return this.#isAsleep && !this.#canInterrupt && this.usart.isQuiet;
  }

  /**
   * Runs until the cycle count is at least `untilCycle` (an instruction is not cut) or this life is over; with
   * `stopsAtRest` also until the board is at rest.
   */
  run(untilCycle: number, stopsAtRest = false): void {
    while (this.cycles < untilCycle && !this.isOver) {
      if (stopsAtRest && this.isAtRest) return;
      if (this.#waitedTo !== null) this.#wait(this.#waitedTo, untilCycle);
      else if (this.#stall !== 'none') this.#runStalled(untilCycle);
      else if (this.#isAsleep) this.#runAsleep(untilCycle);
      else this.#runAwake(untilCycle);
    }
  }

  #runAwake(untilCycle: number): void {
    const cpu = this.#cpu;
    while (cpu.cycles < untilCycle) {
      if (this.#breakpoints.size !== 0 && this.#meetsBreakpoint()) return;
      this.#step();
      if (this.isOver || this.#isAsleep) return;
      if (this.#idleLoop?.hasTurned() === true) {
        this.#waitedTo = cpu.cycles;
        return;
      }
    }
  }

  /** In a loop that waits: to the end of the first instruction at or after `untilCycle`, if nothing is due before that. */
  #wait(waitedTo: number, untilCycle: number): void {
    const loop = this.#idleLoop;
    if (loop === null) return;
    const intoTurn = (untilCycle - this.#cpu.cycles) % loop.turnCycles;
    const reached = untilCycle - intoTurn + loop.endAfter(intoTurn);
    const dueCycle = this.#events.nextCycle;
    if (reached < dueCycle) this.#waitedTo = reached;
    else this.#goOn(waitedTo, Math.max(waitedTo, dueCycle - 1));
  }

  /**
   * The processor comes after what was left out: whole turns as far as `nothingDueUntil`, then instruction by instruction to where
   * this life had come to.
   */
  #goOn(waitedTo: number, nothingDueUntil: number): void {
    const cpu = this.#cpu;
    const loop = this.#idleLoop;
    this.#waitedTo = null;
    if (loop === null) return;
    const { turnCycles } = loop;
    const leftOut = Math.floor((nothingDueUntil - cpu.cycles) / turnCycles) * turnCycles;
    cpu.cycles += leftOut;
    this.leftOutCycles += leftOut;
    if (loop.feedsWatchdog) this.watchdog.postpone(leftOut);
    while (cpu.cycles < waitedTo) this.#execute();
    loop.forget();
  }

  #execute(): void {
    avrInstruction(this.#cpu);
    if (this.#stuckBits.length !== 0) this.#holdStuckBits();
  }

  #step(): void {
    const cpu = this.#cpu;
    const opcode = cpu.progMem[cpu.pc];
    this.#execute();
    if (this.#events.nextCycle <= cpu.cycles) {
      this.#events.run(cpu.cycles);
      this.#idleLoop?.forget();
    }
    if (opcode === opcodeSleep && (cpu.data[SMCR] ?? 0) & sleepEnabled) {
      // The PC is already past the instruction, so the wake-up does not return to it.
      this.#isAsleep = true;
      return;
    }
    if (cpu.nextInterrupt >= 0 && !enablesInterrupts(opcode) && this.#canInterrupt) {
      cpu.tick();
      this.#idleLoop?.forget();
    }
  }

  /** After every instruction: nothing can read in between what was written. */
  #holdStuckBits(): void {
    const { data } = this.#cpu;
    for (const { address, bit, value } of this.#stuckBits) {
      const byte = data[address] ?? 0;
      data[address] = value === 0 ? byte & ~(1 << bit) : byte | (1 << bit);
    }
  }

  #meetsBreakpoint(): boolean {
    const reached = this.#breakpoints.get(this.#cpu.pc);
    if (reached === undefined) return false;
    this.#breakpoints.delete(this.#cpu.pc);
    this.#idleLoop?.forget();
    reached();
    return this.#stall !== 'none' || this.isOver;
  }

  get #canInterrupt(): boolean {
    return this.#cpu.nextInterrupt >= 0 && ((this.#cpu.data[SREG] ?? 0) & interruptsEnabled) !== 0;
  }

  /** Asleep, nothing happens between two events, so time jumps from one to the next. Every mode is taken for Idle. */
  #runAsleep(untilCycle: number): void {
    const cpu = this.#cpu;
    if (this.#canInterrupt) {
      this.#isAsleep = false;
      cpu.cycles += wakeUpCycles;
      cpu.tick();
      return;
    }
    const from = cpu.cycles;
    this.#jump(untilCycle);
    this.sleptCycles += cpu.cycles - from;
  }

  #runStalled(untilCycle: number): void {
    const cpu = this.#cpu;
    if (this.#stall === 'mainline') {
      // The stall bites in the main program: a handler or a critical section under way is left first.
      const inHandler = this.#handlerStack !== null || !((cpu.data[SREG] ?? 0) & interruptsEnabled);
      if (inHandler) {
        this.#step();
        if (this.#handlerStack !== null && cpu.SP >= this.#handlerStack) this.#handlerStack = null;
        return;
      }
      if (this.#canInterrupt) {
        this.#handlerStack = cpu.SP;
        this.#isAsleep = false;
        cpu.tick();
        return;
      }
    }
    this.#jump(untilCycle);
  }

  #jump(untilCycle: number): void {
    const cpu = this.#cpu;
    cpu.cycles = Math.max(cpu.cycles, Math.min(untilCycle, this.#events.nextCycle));
    this.#events.run(cpu.cycles);
    this.#idleLoop?.forget();
  }
}
