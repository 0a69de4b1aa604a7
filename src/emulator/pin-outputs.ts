import { type AVRIOPort, type CPU, portBConfig, portCConfig, portDConfig } from 'avr8js';
import type { Timer } from './timer.js';

/** Arduino's pins: 0 to 7 are port D, 8 to 13 port B, 14 to 19 (A0 to A5) port C. */
export const pinCount = 20;

interface PinWiring {
  readonly port: typeof portBConfig;
  readonly bit: number;
  readonly channel: 'A' | 'B' | null;
  readonly timer: 0 | 1 | 2 | null;
}

const compareOutputs: Readonly<Record<number, readonly [0 | 1 | 2, 'A' | 'B']>> = {
  3: [2, 'B'],
  5: [0, 'B'],
  6: [0, 'A'],
  9: [1, 'A'],
  10: [1, 'B'],
  11: [2, 'A'],
};

const pins: readonly PinWiring[] = Array.from({ length: pinCount }, (_, pin) => {
  const [timer, channel] = compareOutputs[pin] ?? [null, null];
  if (pin < 8) return { port: portDConfig, bit: pin, timer, channel };
  if (pin < 14) return { port: portBConfig, bit: pin - 8, timer, channel };
  return { port: portCConfig, bit: pin - 14, timer, channel };
});

/** Called with the pin and its new duty when what a pin drives has changed. */
export type DutyListener = (pin: number, duty: number) => void;

/**
 * What the pins drive, as the registers say it: a duty of 0 (low, or not driven at all: the actuator has a pull-down) to
 * 255 (high). A pin under a compare output has the duty its compare register stands for.
 */
export class PinOutputs {
  readonly #cpu: CPU;
  readonly #timers: readonly Timer[];
  readonly #duties = new Uint8Array(pinCount);

  constructor(cpu: CPU, ports: readonly AVRIOPort[], timers: readonly Timer[], onChange: DutyListener) {
    this.#cpu = cpu;
    this.#timers = timers;
    const look = () => {
      for (let pin = 0; pin < pinCount; pin += 1) {
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
    const wiring = pins[pin];
    if (wiring === undefined) return 0;
    const data = this.#cpu.data;
    const mask = 1 << wiring.bit;
    if (!((data[wiring.port.DDR] ?? 0) & mask)) return 0;
    const level = (data[wiring.port.PORT] ?? 0) & mask ? 255 : 0;
    const timer = wiring.timer === null ? undefined : this.#timers[wiring.timer];
    if (timer === undefined || !timer.isPwm) return level;
    const control = (data[timer.wiring.TCCRA] ?? 0) >> (wiring.channel === 'A' ? 6 : 4);
    const connected = control & 3;
    if (connected < 2) return level;
    // A timer without a clock makes no waveform: the pin stays low, which is what the actuator then gets.
    if (!timer.isRunning) return 0;
    const compare = wiring.channel === 'A' ? timer.wiring.OCRA : timer.wiring.OCRB;
    const value = (timer.wiring.wide ? (data[compare + 1] ?? 0) << 8 : 0) | (data[compare] ?? 0);
    const duty = Math.min(255, Math.round((value * 255) / Math.max(1, timer.top)));
    return connected === 3 ? 255 - duty : duty;
  }
}
