import type { CPU } from 'avr8js';
import { type CycleEvents, EventSlot } from '../cycle-events.js';
import type { InterruptSource } from '../interrupt.js';
import { MCUSR, MCUSR_WDRF, WDTCSR } from '../registers.js';

const WDIF = 0x80;
const WDIE = 0x40;
const WDCE = 0x10;
const WDE = 0x08;
const prescalerBits = 0x27;

/** CPU cycles in one cycle of the watchdog's own 128 kHz oscillator. */
const cpuCyclesPerWatchdogCycle = 125;

const interruptAt = (address: number): InterruptSource => ({
  address,
  flagRegister: WDTCSR,
  flagMask: WDIF,
  enableRegister: WDTCSR,
  enableMask: WDIE,
});

/**
 * The watchdog, datasheet section 15.8. avr8js's own calls `cpu.reset()`, which leaves every peripheral as it was; this
 * one asks for a new machine. Like the real one it stays on, at 16 ms, after it has bitten (WDRF overrides WDE).
 */
export class Watchdog {
  /** While set, time does not count: a stalled CPU that is to look slow, not hung. */
  suspended = false;
  readonly #cpu: CPU;
  readonly #events: CycleEvents;
  readonly #interrupt: InterruptSource;
  #changeUntilCycle = -1;

  constructor(cpu: CPU, events: CycleEvents, vector: number, onBite: () => void) {
    this.#interrupt = interruptAt(vector);
    this.#cpu = cpu;
    this.#events = events;
    if ((cpu.data[MCUSR] ?? 0) & MCUSR_WDRF) cpu.data[WDTCSR] = WDE;
    cpu.onWatchdogReset = () => this.#restart();
    cpu.writeHooks[WDTCSR] = (value, old) => {
      this.#write(value, old);
      return true;
    };
    cpu.writeHooks[MCUSR] = (value, old) => {
      // Flags are cleared by writing zero and cannot be set by the program.
      cpu.data[MCUSR] = value & old;
      return true;
    };
    events.handle(EventSlot.Watchdog, () => {
      const control = cpu.data[WDTCSR] ?? 0;
      if (this.suspended) this.#restart();
      else if (control & WDIE) {
        cpu.setInterruptFlag(this.#interrupt);
        if (control & WDE) cpu.data[WDTCSR] = (cpu.data[WDTCSR] ?? 0) & ~WDIE;
        this.#restart();
      } else onBite();
    });
    this.#restart();
  }

  /** It was fed so many cycles later than it knows. */
  postpone(cycles: number): void {
    this.#events.postpone(EventSlot.Watchdog, cycles);
  }

  #write(value: number, old: number): void {
    const cycle = this.#cpu.cycles;
    const mayChange = cycle <= this.#changeUntilCycle;
    if (value & WDCE && value & WDE) this.#changeUntilCycle = cycle + 4;
    let control = old & WDIF & ~value;
    control |= value & WDIE;
    control |= mayChange ? value & (WDE | prescalerBits) : (old & (WDE | prescalerBits)) | (value & WDE);
    if ((this.#cpu.data[MCUSR] ?? 0) & MCUSR_WDRF) control |= WDE;
    this.#cpu.data[WDTCSR] = control;
    this.#cpu.updateInterruptEnable(this.#interrupt, control);
    this.#restart();
  }

  #restart(): void {
    const control = this.#cpu.data[WDTCSR] ?? 0;
    if (!(control & (WDE | WDIE))) {
      this.#events.clear(EventSlot.Watchdog);
      return;
    }
    const step = ((control & 0x20) >> 2) | (control & 0x07);
    this.#events.set(EventSlot.Watchdog, this.#cpu.cycles + (2048 << step) * cpuCyclesPerWatchdogCycle);
  }
}
