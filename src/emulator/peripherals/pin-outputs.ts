import type { CPU } from 'avr8js';
import type { Mcu } from '../mcu.js';
import type { Timer } from './timer.js';

/** Called with the pin and its new duty when what a pin drives has changed. */
export type DutyListener = (pin: number, duty: number) => void;

/** What calls back when a port's registers were written. */
export interface PortOutput {
  addListener(listener: () => void): void;
}

/**
 * What the pins drive, as the registers say it: a duty of 0 (low, or not driven at all: the actuator has a pull-down) to
 * 255 (high). A pin under a compare output has the duty its compare register stands for.
 */
export class PinOutputs {
  readonly #cpu: CPU;
  readonly #mcu: Mcu;
  readonly #timers: readonly Timer[];
  readonly #duties: Uint8Array;

  constructor(cpu: CPU, mcu: Mcu, ports: readonly PortOutput[], timers: readonly Timer[], onChange: DutyListener) {
    this.#cpu = cpu;
    this.#mcu = mcu;
    this.#timers = timers;
    this.#duties = new Uint8Array(mcu.pins.length);
    const look = () => {
      for (let pin = 0; pin < this.#duties.length; pin += 1) {
        const duty = this.#readDuty(pin);
        if (duty === this.#duties[pin]) continue;
        this.#duties[pin] = duty;
        onChange(pin, duty);
      }
    };
    for (const port of ports) port.addListener(look);
    for (const timer of timers) timer.onWaveformChanged = look;
  }

  duty(pin: number): number {
    return this.#duties[pin] ?? 0;
  }

  #readDuty(pin: number): number {
    const wiring = this.#mcu.pins[pin];
    if (wiring === undefined) return 0;
    const data = this.#cpu.data;
    const mask = 1 << wiring.bit;
    if (!((data[wiring.port.DDR] ?? 0) & mask)) return 0;
    const level = (data[wiring.port.PORT] ?? 0) & mask ? 255 : 0;
    const { waveform } = wiring;
    const timer = waveform === null ? undefined : this.#timers[waveform.timer];
    if (waveform === null || timer === undefined || !timer.isPwm) return level;
    // COMnA is in the two highest bits of TCCRnA, COMnB and COMnC below.
    const control = (data[timer.wiring.TCCRA] ?? 0) >> { A: 6, B: 4, C: 2 }[waveform.channel];
    const connected = control & 3;
    if (connected < 2) return level;
    // A timer without a clock makes no waveform: the pin stays low, which is what the actuator then gets.
    if (!timer.isRunning) return 0;
    const compare = timer.wiring[`OCR${waveform.channel}`];
    const value = (timer.wiring.wide ? (data[compare + 1] ?? 0) << 8 : 0) | (data[compare] ?? 0);
    const duty = Math.min(255, Math.round((value * 255) / Math.max(1, timer.top)));
    return connected === 3 ? 255 - duty : duty;
  }
}
