/** An oven: a heat capacity that loses to the room what it is warmer than it. */
export interface OvenOptions {
  readonly ambientC?: number;
  readonly startC?: number;
  /** Where full power would end, above the room. */
  readonly fullPowerRiseC?: number;
  /** Time constant of warming and cooling. */
  readonly timeConstantS?: number;
}

/** First-order thermal model. Exact for any step, so its result depends only on what the actuator got and when. */
export class Oven {
  readonly #ambientC: number;
  readonly #fullPowerRiseC: number;
  readonly #timeConstantUs: number;
  #temperatureC: number;
  #atUs = 0;
  #duty = 0;

  constructor(options: OvenOptions = {}) {
    this.#ambientC = options.ambientC ?? 20;
    this.#temperatureC = options.startC ?? this.#ambientC;
    this.#fullPowerRiseC = options.fullPowerRiseC ?? 200;
    this.#timeConstantUs = (options.timeConstantS ?? 30) * 1e6;
  }

  /** The heater gets `duty` (0 to 255) from `atUs` on. */
  heat(atUs: number, duty: number): void {
    this.#temperatureC = this.temperatureC(atUs);
    this.#atUs = Math.max(this.#atUs, atUs);
    this.#duty = duty;
  }

  /** Degrees Celsius at `atUs`, which must not lie before the last change of heat. */
  temperatureC(atUs: number): number {
    const endC = this.#ambientC + (this.#duty / 255) * this.#fullPowerRiseC;
    const elapsed = Math.max(0, atUs - this.#atUs) / this.#timeConstantUs;
    return endC + (this.#temperatureC - endC) * Math.exp(-elapsed);
  }
}
