import type { EmulatedUno } from '../../emulator/emulated-uno.js';
import { type HeaterImage, heaterSymbols } from './heater-image.js';

/** A heater's state as it stands in its RAM. */
export function heaterState(uno: EmulatedUno, image: HeaterImage = 'heater'): string {
  const { stateAddress, stateBytes } = heaterSymbols(image);
  return Buffer.from(uno.readRam(stateAddress, stateBytes)).toString('hex');
}

/** Reads a board's state out of its RAM after every execution of its program. */
export class StateWatch {
  readonly states: string[] = [];

  constructor(
    private readonly uno: EmulatedUno,
    private readonly image: HeaterImage = 'heater',
  ) {
    this.#arm();
  }

  #arm(): void {
    this.uno.breakpointOnce(heaterSymbols(this.image).inputReturned, () => {
      this.states.push(heaterState(this.uno, this.image));
      // Armed again from outside the instruction it stands at.
      queueMicrotask(() => this.#arm());
    });
  }
}
