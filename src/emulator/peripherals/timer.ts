import type { CPU } from 'avr8js';
import type { CycleEvents } from '../cycle-events.js';
import type { InterruptSource } from '../interrupt.js';
import { type CountMode, countModes8, countModes16, type TimerWiring } from '../timer-wiring.js';

const TOV = 1;
const OCFA = 2;
const OCFB = 4;
const OCFC = 8;

/**
 * A timer/counter without an event per count: where it stands is computed when somebody looks, and an event is set only
 * for the next enabled interrupt. So a sleeping board costs nothing however fast its timers run. Not modelled: input
 * capture, external clock, force compare, double buffering of the compare registers (at most one period late).
 */
export class Timer {
  /** The registers that make its pins' waveforms have been written. */
  onWaveformChanged: () => void = () => undefined;
  readonly #cpu: CPU;
  readonly #events: CycleEvents;
  readonly wiring: TimerWiring;
  readonly #sources: readonly InterruptSource[];
  #mode: CountMode = { top: 0xff, upDown: false, pwm: false };
  #divider = 0;
  /** Position in the period (not the count: in up-down modes the way down is the second half) at `#atCycle`. */
  #position = 0;
  #atCycle = 0;
  #highByte = 0;

  constructor(cpu: CPU, events: CycleEvents, wiring: TimerWiring) {
    this.#cpu = cpu;
    this.#events = events;
    this.wiring = wiring;
    this.#sources = [
      { address: wiring.vectors.overflow, mask: TOV },
      { address: wiring.vectors.compareA, mask: OCFA },
      { address: wiring.vectors.compareB, mask: OCFB },
      ...(wiring.vectors.compareC === undefined ? [] : [{ address: wiring.vectors.compareC, mask: OCFC }]),
    ].map(({ address, mask }) => ({
      address,
      flagRegister: wiring.TIFR,
      flagMask: mask,
      enableRegister: wiring.TIMSK,
      enableMask: mask,
    }));
    this.#readMode();
    events.handle(wiring.slot, (cycle) => {
      this.#catchUp(cycle);
      this.#schedule();
    });
    this.#hook();
  }

  /** The compare value that stands for "always on" in the present mode. */
  get top(): number {
    const { top } = this.#mode;
    if (top === 'OCRA') return this.#compare(this.wiring.OCRA);
    return top === 'ICR' ? this.#compare(this.wiring.ICR) : top;
  }

  get isPwm(): boolean {
    return this.#mode.pwm;
  }

  get isRunning(): boolean {
    return this.#divider !== 0;
  }

  #hook(): void {
    const { TCCRA, TCCRB, OCRA, OCRB, OCRC, TCNT, ICR, TIFR, TIMSK, wide } = this.wiring;
    const { writeHooks, readHooks, data } = this.#cpu;
    const settle = (address: number) => (value: number) => {
      this.#catchUp(this.#cpu.cycles);
      const count = this.#count();
      data[address] = value;
      // 16-bit registers are written high byte first, through one temporary byte (section 20.6).
      if (wide && (address === OCRA || address === OCRB || address === OCRC || address === ICR)) {
        data[address + 1] = this.#highByte;
      }
      this.#readMode();
      this.#setCount(count);
      this.#schedule();
      this.onWaveformChanged();
      return true;
    };
    for (const address of [TCCRA, TCCRB, OCRA, OCRB, OCRC, ICR])
      if (address !== 0) writeHooks[address] = settle(address);
    if (wide) {
      for (const address of [OCRA, OCRB, OCRC, ICR, TCNT]) {
        if (address === 0) continue;
        writeHooks[address + 1] = (value) => {
          this.#highByte = value;
          return true;
        };
      }
    }
    readHooks[TCNT] = () => {
      this.#catchUp(this.#cpu.cycles);
      const count = this.#count();
      if (wide) data[TCNT + 1] = count >> 8;
      return count & 0xff;
    };
    writeHooks[TCNT] = (value) => {
      this.#catchUp(this.#cpu.cycles);
      this.#setCount(wide ? (this.#highByte << 8) | value : value);
      this.#schedule();
      return true;
    };
    readHooks[TIFR] = () => {
      this.#catchUp(this.#cpu.cycles);
      return data[TIFR] ?? 0;
    };
    writeHooks[TIFR] = (value, _old, _address, mask) => {
      this.#catchUp(this.#cpu.cycles);
      for (const source of this.#sources) this.#cpu.clearInterruptByFlag(source, value & mask);
      return true;
    };
    writeHooks[TIMSK] = (value) => {
      this.#catchUp(this.#cpu.cycles);
      data[TIMSK] = value;
      for (const source of this.#sources) this.#cpu.updateInterruptEnable(source, value);
      this.#schedule();
      return true;
    };
  }

  #readMode(): void {
    const control = this.#cpu.data[this.wiring.TCCRB] ?? 0;
    const low = (this.#cpu.data[this.wiring.TCCRA] ?? 0) & 3;
    const { wide } = this.wiring;
    const mode = ((control >> 1) & (wide ? 0x0c : 0x04)) | low;
    this.#mode = (wide ? countModes16 : countModes8)[mode] ?? this.#mode;
    this.#divider = this.wiring.dividers[control & 7] ?? 0;
  }

  #compare(address: number): number {
    const low = this.#cpu.data[address] ?? 0;
    return this.wiring.wide ? ((this.#cpu.data[address + 1] ?? 0) << 8) | low : low;
  }

  #period(): number {
    const top = Math.max(1, this.top);
    return this.#mode.upDown ? 2 * top : top + 1;
  }

  #count(): number {
    return this.#mode.upDown && this.#position > this.top ? this.#period() - this.#position : this.#position;
  }

  #setCount(count: number): void {
    this.#position = count % this.#period();
  }

  #catchUp(cycle: number): void {
    if (this.#divider === 0) {
      this.#atCycle = cycle;
      return;
    }
    const steps = Math.floor((cycle - this.#atCycle) / this.#divider);
    if (steps <= 0) return;
    for (const source of this.#sources) {
      if (this.#stepsTo(source.flagMask) <= steps) this.#cpu.setInterruptFlag(source);
    }
    this.#atCycle += steps * this.#divider;
    this.#position = (this.#position + steps) % this.#period();
  }

  /** Counts until the flag is next raised. */
  #stepsTo(flag: number): number {
    const period = this.#period();
    const until = (position: number) => ((((position - this.#position - 1) % period) + period) % period) + 1;
    if (flag === TOV) return until(0);
    const { OCRA, OCRB, OCRC } = this.wiring;
    const compare = this.#compare(flag === OCFA ? OCRA : flag === OCFB ? OCRB : OCRC);
    if (compare > this.top) return Number.POSITIVE_INFINITY;
    return this.#mode.upDown ? Math.min(until(compare), until((period - compare) % period)) : until(compare);
  }

  #schedule(): void {
    let next = Number.POSITIVE_INFINITY;
    if (this.#divider !== 0) {
      const enabled = this.#cpu.data[this.wiring.TIMSK] ?? 0;
      for (const { flagMask } of this.#sources) {
        if (enabled & flagMask) next = Math.min(next, this.#stepsTo(flagMask));
      }
    }
    this.#events.set(this.wiring.slot, this.#atCycle + next * this.#divider || Number.POSITIVE_INFINITY);
  }
}
