/** Modes of the Firmata protocol (protocol.md of firmata/protocol, "Supported Pin Modes"). */
export const INPUT = 0;
export const OUTPUT = 1;
export const ANALOG = 2;

const SET_PIN_MODE = 0xf4;
const DIGITAL_MESSAGE = 0x90;
const REPORT_DIGITAL = 0xd0;
const REPORT_ANALOG = 0xc0;
const PIN_STATE_QUERY = [0xf0, 0x6d] as const;
const END_SYSEX = 0xf7;

/** What the pins of a Firmata board are to be, and the messages that make them so. Outlives every connection. */
export class PinMemory {
  /** Pins that were written, with their commanded levels. */
  readonly outputs = new Map<number, 0 | 1>();
  /** Pins that are read, and whether their pull-up resistor is on. */
  readonly inputs = new Map<number, boolean>();
  /** Analog channels that are reported. */
  readonly channels = new Set<number>();
  /** The level last written to every output and the pull-up of every input: Firmata writes eight pins at a time. */
  readonly #levels = new Map<number, 0 | 1>();

  /** Takes over what the board does with a pin that nobody here has written, so that writing its neighbour keeps it. */
  keep(pin: number, level: 0 | 1): void {
    if (!this.#levels.has(pin)) this.#levels.set(pin, level);
  }

  setOutput(pin: number, level: 0 | 1): void {
    this.inputs.delete(pin);
    this.outputs.set(pin, level);
    this.#levels.set(pin, level);
  }

  setInput(pin: number, pullUp: boolean): void {
    this.outputs.delete(pin);
    this.inputs.set(pin, pullUp);
    this.#levels.set(pin, pullUp ? 1 : 0);
  }

  /** Writes the eight pins of which this is one. */
  writeMessage(pin: number, withPullUps = true): number[] {
    const port = pin >> 3;
    let bits = 0;
    for (const [other, level] of this.#levels) {
      if (other >> 3 === port && (withPullUps || !this.inputs.has(other))) bits |= level << (other & 7);
    }
    return [DIGITAL_MESSAGE | port, bits & 0x7f, bits >> 7];
  }

  modeMessage(pin: number): number[] {
    return [SET_PIN_MODE, pin, this.outputs.has(pin) ? OUTPUT : INPUT];
  }

  queryMessage(pin: number): number[] {
    return [...PIN_STATE_QUERY, pin, END_SYSEX];
  }

  /** Asks for the present level of every input: the board answers at once, changed or not. */
  reportMessages(): number[] {
    const ports = new Set([...this.inputs.keys()].map((pin) => pin >> 3));
    return [
      ...[...ports].flatMap((port) => [REPORT_DIGITAL | port, 1]),
      ...[...this.channels].flatMap((channel) => [REPORT_ANALOG | channel, 1]),
    ];
  }

  /**
   * Everything as it was commanded, outputs first. An output is written without naming its mode: StandardFirmata begins
   * with its digital pins as outputs, and a mode named again would first take the level away.
   */
  restoreMessages(): number[] {
    const ports = new Map([...this.outputs.keys()].map((pin) => [pin >> 3, pin]));
    const inputs = [...this.inputs.keys()];
    const pullUps = inputs.filter((pin) => this.inputs.get(pin) === true);
    return [
      // An input is still an output here: a pull-up written now would be a level on whatever is wired to it.
      ...[...ports.values()].flatMap((pin) => this.writeMessage(pin, false)),
      ...inputs.flatMap((pin) => this.modeMessage(pin)),
      ...pullUps.flatMap((pin) => this.writeMessage(pin)),
    ];
  }
}
