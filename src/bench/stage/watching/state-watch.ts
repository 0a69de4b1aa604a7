import type { EmulatedBoard } from '../../../emulator/emulated-board.js';
import { type HeaterSymbols, heaterSymbols } from '../heater-image.js';

/** A heater's state as it stands in its RAM. */
export function heaterState(uno: EmulatedBoard, symbols: HeaterSymbols = heaterSymbols()): string {
  const { stateAddress, stateBytes } = symbols;
  return Buffer.from(uno.readRam(stateAddress, stateBytes)).toString('hex');
}

/** Reads a board's state out of its RAM after every execution of its program. */
export class StateWatch {
  readonly states: string[] = [];

  constructor(
    private readonly uno: EmulatedBoard,
    private readonly symbols: HeaterSymbols,
  ) {
    this.#arm();
  }

  #arm(): void {
    this.uno.breakpointOnce(this.symbols.inputReturned, () => {
      this.states.push(heaterState(this.uno, this.symbols));
      // Armed again from outside the instruction it stands at.
      queueMicrotask(() => this.#arm());
    });
  }
}
