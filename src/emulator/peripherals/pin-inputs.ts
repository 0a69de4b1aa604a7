import { AVRIOPort, type CPU } from 'avr8js';
import type { Mcu, PortRegisters } from '../mcu.js';

/** What is wired to a pin from outside; null: nothing, so that the pull-up decides where it is on. */
export type OutsideLevel = 0 | 1 | null;

/** The ports of a chip, with what is wired to their pins. */
export class PinInputs {
  readonly ports: readonly AVRIOPort[];
  readonly #cpu: CPU;
  readonly #mcu: Mcu;
  readonly #portOf: ReadonlyMap<PortRegisters, AVRIOPort>;
  readonly #levels: ReadonlyMap<number, OutsideLevel>;

  /** @param levels by pin; kept by the board, so that they survive a reset */
  constructor(cpu: CPU, mcu: Mcu, levels: ReadonlyMap<number, OutsideLevel>) {
    this.#cpu = cpu;
    this.#mcu = mcu;
    this.#levels = levels;
    const registers = [...new Set(mcu.pins.map(({ port }) => port))];
    this.#portOf = new Map(
      registers.map((port) => [port, new AVRIOPort(cpu, { ...port, externalInterrupts: [] })] as const),
    );
    this.ports = [...this.#portOf.values()];
    for (const pin of levels.keys()) this.look(pin);
    // A pull-up that is switched on or off changes what an open pin reads.
    for (const port of this.ports) {
      port.addListener(() => {
        for (const [pin, level] of levels) if (level === null) this.look(pin);
      });
    }
  }

  /** The level at a pin has changed, or may have. */
  look(pin: number): void {
    const wiring = this.#mcu.pins[pin];
    if (wiring === undefined) return;
    const isPulledUp = ((this.#cpu.data[wiring.port.PORT] ?? 0) & (1 << wiring.bit)) !== 0;
    const level = this.#levels.get(pin) ?? (isPulledUp ? 1 : 0);
    this.#portOf.get(wiring.port)?.setPin(wiring.bit, level === 1);
  }
}
