import type { CPU } from 'avr8js';
import { type CycleEvents, EventSlot } from '../cycle-events.js';
import type { InterruptSource } from '../interrupt.js';
import { ADCH, ADCL, ADCSRA, ADCSRB, ADMUX } from '../registers.js';

const ADEN = 0x80;
const ADSC = 0x40;
const ADIF = 0x10;
const ADIE = 0x08;
const ADLAR = 0x20;
const MUX5 = 0x08;
const internalReference = 3;
const bandGapVolts = 1.1;
const narrowChannels = 8;

const interruptAt = (address: number): InterruptSource => ({
  address,
  flagRegister: ADCSRA,
  flagMask: ADIF,
  enableRegister: ADCSRA,
  enableMask: ADIE,
});

/** The converter (datasheet section 28) with voltages that the bench sets; single conversions only. */
export class Adc {
  /** Volts at A0, A1, …; kept by the board, so that they survive a reset. */
  readonly #volts: Float64Array;
  readonly #cpu: CPU;
  readonly #interrupt: InterruptSource;
  #firstConversion = true;

  constructor(cpu: CPU, events: CycleEvents, vector: number, volts: Float64Array) {
    const interrupt = interruptAt(vector);
    this.#interrupt = interrupt;
    this.#cpu = cpu;
    this.#volts = volts;
    cpu.writeHooks[ADCSRA] = (value, old) => {
      if (!(value & ADEN)) this.#firstConversion = true;
      // ADIF is cleared by writing one; ADSC stays up until the conversion ends.
      const running = value & ADEN ? old & ADSC : 0;
      cpu.data[ADCSRA] = (value & ~ADIF) | (old & ADIF & ~value) | running;
      cpu.updateInterruptEnable(interrupt, value);
      if (running === 0 && value & ADEN && value & ADSC) {
        const cycles = (this.#firstConversion ? 25 : 13) * Math.max(2, 1 << (value & 7));
        this.#firstConversion = false;
        events.set(EventSlot.Adc, cpu.cycles + cycles);
      } else if (!(value & ADEN)) {
        cpu.data[ADCSRA] = (cpu.data[ADCSRA] ?? 0) & ~ADSC;
        events.clear(EventSlot.Adc);
      }
      return true;
    };
    events.handle(EventSlot.Adc, () => this.#convert());
  }

  #convert(): void {
    const data = this.#cpu.data;
    const select = data[ADMUX] ?? 0;
    const reference = select >> 6 === internalReference ? 1.1 : 5;
    const volts = this.#voltsAt(select);
    const value = Math.min(1023, Math.max(0, Math.floor((volts / reference) * 1024)));
    const aligned = select & ADLAR ? value << 6 : value;
    data[ADCL] = aligned & 0xff;
    data[ADCH] = aligned >> 8;
    data[ADCSRA] = (data[ADCSRA] ?? 0) & ~ADSC;
    this.#cpu.setInterruptFlag(this.#interrupt);
  }

  /** The voltage that the multiplexer selects; differential and gain channels read 0. */
  #voltsAt(select: number): number {
    if (this.#volts.length <= narrowChannels) {
      const channel = select & 0x0f;
      return channel === 14 ? bandGapVolts : (this.#volts[channel] ?? 0);
    }
    // ATmega2560 table 26-4: MUX5 adds eight channels; only the first eight of either half are single-ended.
    const wide = ((this.#cpu.data[ADCSRB] ?? 0) & MUX5) !== 0;
    const channel = select & 0x1f;
    if (!wide && channel === 30) return bandGapVolts;
    return channel < narrowChannels ? (this.#volts[channel + (wide ? narrowChannels : 0)] ?? 0) : 0;
  }
}
