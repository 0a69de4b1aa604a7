import type { OutsideLevel } from './peripherals/pin-inputs.js';

/**
 * What is wired to a board from outside: voltages at its converter, levels at its pins. The world says them, and goes on saying them; a
 * hand that holds one wins over the world until it lets go, and then stands what the world has said meanwhile.
 */
export class OutsideInputs {
  /** At A0, A1, …: what the converter sees. */
  readonly volts: Float64Array;
  /** By Arduino's number: what the pins see. */
  readonly levels = new Map<number, OutsideLevel>();
  readonly #worldVolts: Float64Array;
  readonly #worldLevels = new Map<number, OutsideLevel>();
  readonly #heldChannels = new Set<number>();
  readonly #heldPins = new Set<number>();

  /** @param onLevel the level at a pin has changed, or may have */
  constructor(
    channels: number,
    private readonly onLevel: (pin: number) => void,
  ) {
    this.volts = new Float64Array(channels);
    this.#worldVolts = new Float64Array(channels);
  }

  setVolts(channel: number, volts: number): void {
    this.#worldVolts[channel] = volts;
    if (!this.#heldChannels.has(channel)) this.volts[channel] = volts;
  }

  setLevel(pin: number, level: OutsideLevel): void {
    this.#worldLevels.set(pin, level);
    if (!this.#heldPins.has(pin)) this.#look(pin, level);
  }

  holdVolts(channel: number, volts: number): void {
    this.#heldChannels.add(channel);
    this.volts[channel] = volts;
  }

  holdLevel(pin: number, level: OutsideLevel): void {
    this.#heldPins.add(pin);
    this.#look(pin, level);
  }

  /** Takes every hand off. */
  letGo(): void {
    for (const channel of this.#heldChannels) this.volts[channel] = this.#worldVolts[channel] ?? 0;
    const pins = [...this.#heldPins];
    this.#heldChannels.clear();
    this.#heldPins.clear();
    for (const pin of pins) this.#look(pin, this.#worldLevels.get(pin) ?? null);
  }

  #look(pin: number, level: OutsideLevel): void {
    this.levels.set(pin, level);
    this.onLevel(pin);
  }
}
