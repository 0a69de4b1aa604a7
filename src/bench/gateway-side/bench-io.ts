import { EventEmitter } from 'node:events';
import { CopycatError } from '../../errors/copycat-error.js';
import { readToGateway } from '../world/gateway-channel.js';
import type { WorldChannel } from './world-channel.js';

/** A pin as johnny-five's IO plugin interface describes it. */
export interface BenchPin {
  readonly supportedModes: readonly number[];
  mode: number;
  value: 0 | 1;
  report: 0 | 1;
  /** 127: not an analog pin. */
  readonly analogChannel: number;
}

const modes = Object.freeze({ INPUT: 0, OUTPUT: 1, ANALOG: 2, PWM: 3, SERVO: 4 });
const pinCount = 28;
const notAnalog = 127;

/** The bench's GPIO lines as an IO plugin for johnny-five; pins are named as on a Raspberry Pi (`GPIO17`, or 17). */
export class BenchIo extends EventEmitter {
  readonly name = 'CopycatBench';
  readonly MODES = modes;
  readonly HIGH = 1;
  readonly LOW = 0;
  readonly pins: readonly BenchPin[] = Array.from({ length: pinCount }, () => ({
    supportedModes: [modes.INPUT, modes.OUTPUT],
    mode: modes.INPUT,
    value: 0,
    report: 0,
    analogChannel: notAnalog,
  }));
  readonly analogPins: readonly number[] = [];
  isReady = false;
  readonly #channel: WorldChannel;

  constructor(channel: WorldChannel) {
    super();
    this.#channel = channel;
    channel.on('message', (message) => {
      const told = readToGateway(message);
      if (told !== null && 'input' in told) this.setInput(told.input, told.value);
    });
    // johnny-five attaches its listeners after the constructor has returned.
    setImmediate(() => {
      this.emit('connect');
      this.isReady = true;
      this.emit('ready');
    });
  }

  /** The index of a pin given by name or number. @throws CopycatError RELAY_UNAVAILABLE for a pin that does not exist */
  normalize(pin: string | number): number {
    const index = typeof pin === 'number' ? pin : Number(/^GPIO(\d+)$/.exec(pin)?.[1] ?? Number.NaN);
    if (this.pins[index] === undefined) {
      throw new CopycatError('RELAY_UNAVAILABLE', `the bench has no pin ${pin}`, {
        value: pin,
        expected: `GPIO0 to GPIO${pinCount - 1}`,
      });
    }
    return index;
  }

  pinMode(pin: string | number, mode: number): void {
    const target = this.#pin(pin);
    if (!target.supportedModes.includes(mode)) this.#unsupported(`mode ${mode}`);
    target.mode = mode;
  }

  digitalWrite(pin: string | number, value: number | boolean): void {
    const level = value ? 1 : 0;
    const target = this.#pin(pin);
    target.mode = modes.OUTPUT;
    target.value = level;
    this.#channel.send?.({ line: `GPIO${this.normalize(pin)}`, value: level });
  }

  /** Calls `listener` with every level the pin takes from now on, and with the present one soon. */
  digitalRead(pin: string | number, listener: (value: 0 | 1) => void): void {
    const index = this.normalize(pin);
    const target = this.#pin(pin);
    target.report = 1;
    this.on(`digital-read-${index}`, listener);
    setImmediate(() => listener(target.value));
  }

  analogRead(): never {
    return this.#unsupported('analogRead');
  }

  analogWrite(): never {
    return this.#unsupported('analogWrite');
  }

  servoWrite(): never {
    return this.#unsupported('servoWrite');
  }

  #pin(pin: string | number): BenchPin {
    const target = this.pins[this.normalize(pin)];
    if (target === undefined) return this.#unsupported(`pin ${pin}`);
    return target;
  }

  /** An input line has this level now; nothing happens at a pin that is an output. */
  setInput(name: string, value: 0 | 1): void {
    const index = this.normalize(name);
    const target = this.#pin(index);
    if (target.mode === modes.OUTPUT) return;
    target.value = value;
    this.emit(`digital-read-${index}`, value);
  }

  #unsupported(what: string): never {
    throw new CopycatError('RELAY_UNAVAILABLE', `the bench's lines know no ${what}`, {
      expected: 'digital input or output',
    });
  }
}
