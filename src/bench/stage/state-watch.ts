import type { EmulatedUno } from '../uno/emulated-uno.js';
import { type HeaterImage, type HeaterSymbols, heaterSymbols } from './heater-image.js';

/** Reads a board's state out of its RAM after every execution of its program. */
export class StateWatch {
  readonly states: string[] = [];
  readonly #symbols: HeaterSymbols;

  constructor(
    private readonly uno: EmulatedUno,
    image: HeaterImage = 'heater',
  ) {
    this.#symbols = heaterSymbols(image);
    this.#arm();
  }

  #arm(): void {
    this.uno.breakpointOnce(this.#symbols.inputReturned, () => {
      const { stateAddress, stateBytes } = this.#symbols;
      this.states.push(Buffer.from(this.uno.readRam(stateAddress, stateBytes)).toString('hex'));
      // Armed again from outside the instruction it stands at.
      queueMicrotask(() => this.#arm());
    });
  }
}
