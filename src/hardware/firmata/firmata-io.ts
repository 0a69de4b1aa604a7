import { EventEmitter } from 'node:events';
import type { FirmataPin } from 'firmata-io';
import { CopycatError } from '../../errors/copycat-error.js';
import type { FirmataConnection } from './firmata-connection.js';
import { ANALOG, INPUT, OUTPUT, PinMemory } from './pin-memory.js';

type Listener = (value: number) => void;

/**
 * The Firmata board as an IO plugin of johnny-five, one for the life of the process: connections come and go behind it.
 * What is written while there is none is kept and written when there is one again.
 */
export class FirmataIo extends EventEmitter {
  // Not 'Firmata': johnny-five translates the pins of a board of that name, and a relay on pin 14 would drive pin 0.
  readonly name = 'StandardFirmata';
  readonly MODES = { INPUT, OUTPUT, ANALOG };
  readonly HIGH = 1;
  readonly LOW = 0;
  readonly RESOLUTION = { ADC: 1023, PWM: 255 };
  readonly memory = new PinMemory();
  pins: readonly FirmataPin[] = [];
  analogPins: readonly number[] = [];
  isReady = false;
  #connection: FirmataConnection | null = null;
  readonly #digitalListeners = new Map<number, Listener>();
  readonly #analogListeners = new Map<number, Listener>();
  readonly #heardAnalogAt = new Map<number, number>();

  /** A connection whose handshake is over; null: there is none. */
  use(connection: FirmataConnection | null): void {
    this.#connection = connection;
    if (connection === null || this.isReady) return;
    this.pins = connection.firmata.pins;
    this.analogPins = connection.firmata.analogPins;
    this.isReady = true;
    this.emit('connect');
    this.emit('ready');
  }

  /** Pins are numbers; `A0` is the pin of the first analog channel. */
  normalize(pin: string | number): string | number {
    return pin;
  }

  pinMode(pin: string | number, mode: number): void {
    // An output is made by its first write, with that level; an analog channel by being reported.
    if (mode !== INPUT) return;
    const number = this.#digital(pin);
    this.memory.setInput(number, this.memory.inputs.get(number) ?? false);
    this.#up?.readInput(number);
  }

  setPull(pin: string | number, pull: 'none' | 'up' | 'down'): void {
    if (pull === 'down') {
      throw new CopycatError('RELAY_UNAVAILABLE', `pin ${pin} of the Firmata board has no pull-down resistor`, {
        value: pull,
        expected: 'feedback-pull: up, or none and a resistor of your own',
      });
    }
    const number = this.#digital(pin);
    this.memory.setInput(number, pull === 'up');
    this.#up?.readInput(number);
  }

  digitalWrite(pin: string | number, value: number): void {
    const number = this.#digital(pin);
    // johnny-five's Button switches its pull-up on by writing to an input.
    if (this.memory.inputs.has(number)) {
      this.memory.setInput(number, value !== 0);
      this.#up?.readInput(number);
      return;
    }
    this.memory.setOutput(number, value === 0 ? 0 : 1);
    this.#up?.writeOutput(number);
  }

  /** A later listener of the same pin takes the place of the earlier. */
  digitalRead(pin: string | number, listener: Listener): void {
    const number = this.#digital(pin);
    this.#digitalListeners.set(number, listener);
    if (!this.memory.inputs.has(number)) this.memory.setInput(number, false);
    this.#up?.readInput(number);
  }

  analogRead(pin: string | number, listener: Listener): void {
    const channel = this.channelOf(pin);
    this.#analogListeners.set(channel, listener);
    this.memory.channels.add(channel);
    this.#up?.report();
  }

  heardDigital(pin: number, level: 0 | 1): void {
    this.#digitalListeners.get(pin)?.(level);
  }

  heardAnalog(channel: number, counts: number, atUs: number): void {
    this.#heardAnalogAt.set(channel, atUs);
    this.#analogListeners.get(channel)?.(counts);
  }

  /** When an analog pin last gave a value; null: never. */
  lastAnalogUs(pin: string | number): number | null {
    return this.#heardAnalogAt.get(this.channelOf(pin)) ?? null;
  }

  /** `A3`, or the number of an analog pin. */
  channelOf(pin: string | number): number {
    const named = typeof pin === 'string' ? /^A(\d+)$/.exec(pin) : null;
    const channel = named === null ? this.analogPins.indexOf(Number(pin)) : Number(named[1]);
    if (channel >= 0 && channel < this.analogPins.length) return channel;
    throw noSuchPin(pin, `A0 to A${this.analogPins.length - 1}`);
  }

  get #up(): FirmataConnection | null {
    return this.#connection?.isUp === true ? this.#connection : null;
  }

  #digital(pin: string | number): number {
    const number = typeof pin === 'string' && pin.startsWith('A') ? this.analogPins[this.channelOf(pin)] : Number(pin);
    const modes = number === undefined ? [] : (this.pins[number]?.supportedModes ?? []);
    if (number !== undefined && number > 1 && modes.includes(OUTPUT)) return number;
    throw noSuchPin(pin, `a pin that the board offers, from D2 to D${this.pins.length - 1}`);
  }
}

function noSuchPin(pin: string | number, expected: string): CopycatError {
  return new CopycatError('RELAY_UNAVAILABLE', `the Firmata board has no pin ${pin} for this`, {
    value: pin,
    expected,
  });
}
