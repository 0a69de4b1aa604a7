import { type AVRExternalInterrupt, AVRIOPort, type AVRPinChangeInterrupt, type CPU } from 'avr8js';
import type { Mcu, PortRegisters } from '../mcu.js';
import { PCICR, PCIFR, PCMSK0 } from '../registers.js';

/** What is wired to a pin from outside; null: nothing, so that the pull-up decides where it is on. */
export type OutsideLevel = 0 | 1 | null;

/** INT0 to INT7 of an ATmega328P and an ATmega2560 alike (datasheets DS40002061B 13.2, DS40002211A 15.2). */
function externalInterrupt(number: number): AVRExternalInterrupt {
  const firstControl = 0x69; // EICRA; EICRB behind it has INT4 to INT7
  return {
    EICR: firstControl + (number >> 2),
    EIMSK: 0x3d,
    EIFR: 0x3c,
    index: number,
    iscOffset: 2 * (number & 3),
    interrupt: 2 * (number + 1), // vectors of two words, behind that of the reset
  };
}

function interruptsOf({ externalInterrupts = {} }: PortRegisters): (AVRExternalInterrupt | null)[] {
  const numbers = Array.from({ length: 8 }, (_, bit) => externalInterrupts[bit]);
  if (numbers.every((number) => number === undefined)) return [];
  return numbers.map((number) => (number === undefined ? null : externalInterrupt(number)));
}

/** The pin change interrupt of a port; nothing where it has none. */
function pinChangeOf(port: PortRegisters, { pinChanges }: Mcu): { readonly pinChange?: AVRPinChangeInterrupt } {
  const PCIE = pinChanges.findIndex((one) => one.port === port);
  const group = pinChanges[PCIE];
  if (group === undefined) return {};
  const { mask, offset, vector: pinChangeInterrupt } = group;
  return { pinChange: { PCIE, PCICR, PCIFR, PCMSK: PCMSK0 + PCIE, pinChangeInterrupt, mask, offset } };
}

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
      registers.map((port) => {
        const config = { ...port, externalInterrupts: interruptsOf(port), ...pinChangeOf(port, mcu) };
        return [port, new AVRIOPort(cpu, config)] as const;
      }),
    );
    this.ports = [...this.#portOf.values()];
    for (const pin of levels.keys()) this.look(pin);
    for (const [registers, port] of this.#portOf) this.#followPullUps(registers, port);
  }

  /** A pull-up that is switched on or off changes what an open pin reads. */
  #followPullUps(registers: PortRegisters, port: AVRIOPort): void {
    const { data } = this.#cpu;
    const pins = this.#mcu.pins.flatMap((wiring, pin) => (wiring.port === registers ? [{ pin, bit: wiring.bit }] : []));
    let before = data[registers.PORT] ?? 0;
    port.addListener(() => {
      const now = data[registers.PORT] ?? 0;
      const changed = now ^ before;
      before = now;
      if (changed === 0) return;
      for (const { pin, bit } of pins) {
        if (changed & (1 << bit) && (this.#levels.get(pin) ?? null) === null) this.look(pin);
      }
    });
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
