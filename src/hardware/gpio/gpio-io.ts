import { EventEmitter } from 'node:events';
import type { Clock } from '../../clock/clock.js';
import { CopycatError, internalError } from '../../errors/copycat-error.js';
import type { LineIo } from '../lines/line-io.js';
import type { GpioHost, HeldLine, Level, Pull } from './gpio-chip.js';
import { takeLine } from './take-line.js';

/** What `gpioinfo` shows as the holder of our lines. */
const consumer = 'copycat';

/** An input is looked at so often while nothing is expected of it … */
const idlePollUs = 10_000;
/** … and so often for a while after `expectChange`: the contact that it shows is then on its way. */
const busyPollUs = 1000;
const busyForUs = 250_000;

const modes = Object.freeze({ INPUT: 0, OUTPUT: 1, ANALOG: 2, PWM: 3, SERVO: 4 });

/** A pin as johnny-five wants to see it. */
interface ListedPin {
  readonly supportedModes: readonly number[];
  mode: number;
  value: Level;
  report: 0 | 1;
  readonly analogChannel: number;
}

interface HeldPin {
  readonly direction: 'input' | 'output';
  readonly held: HeldLine;
  readonly listed: ListedPin;
  readonly listeners: ((level: Level) => void)[];
  shown: Level | null;
}

/**
 * The host's GPIO lines as a johnny-five IO plugin. Pins are line names (`GPIO17`); there is no limit but the chip's.
 *
 * Inputs are polled: reading a line costs a few microseconds, while waiting for an edge would hold one of Node's four pool
 * threads for ever. What a poll misses (a bounce) is no state of the contact.
 */
export class GpioIo extends EventEmitter implements LineIo {
  readonly name = 'CopycatGpio';
  readonly MODES = modes;
  readonly HIGH = 1;
  readonly LOW = 0;
  /** In the order in which they were first named: johnny-five asks for no other. */
  readonly pins: ListedPin[] = [];
  readonly analogPins: readonly number[] = [];
  isReady = false;
  readonly #pulls = new Map<string, Pull>();
  readonly #held = new Map<string, HeldPin>();
  /** Inputs that could not be read when they were last looked at. */
  readonly #unread = new Set<HeldPin>();
  #cancelPoll: (() => void) | null = null;
  #expectedAtUs = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(
    private readonly host: GpioHost,
    private readonly clock: Clock,
    /** The chip's label; null: the one that has a line of the name. */
    private readonly label: string | null,
  ) {
    super();
    // johnny-five attaches its listeners after the constructor has returned.
    setImmediate(() => {
      this.emit('connect');
      this.isReady = true;
      this.emit('ready');
    });
  }

  normalize(pin: string | number): string {
    return typeof pin === 'number' ? `GPIO${pin}` : pin;
  }

  setPull(pin: string | number, pull: Pull): void {
    this.#pulls.set(this.normalize(pin), pull);
  }

  /** An output is taken by its first level, not before: it would show another. */
  pinMode(pin: string | number, mode: number): void {
    if (mode === modes.OUTPUT) return;
    if (mode !== modes.INPUT) throw unsupported(`mode ${mode}`, pin);
    this.#input(this.normalize(pin));
  }

  digitalWrite(pin: string | number, value: number | boolean): void {
    const name = this.normalize(pin);
    const level = value === true || value === 1 ? 1 : 0;
    const known = this.#held.get(name);
    if (known === undefined) {
      const request = { direction: 'output', consumer, level } as const;
      this.#keep(name, request.direction, takeLine(this.host, name, this.label, request), level);
    } else if (known.direction === 'input') {
      throw internalError('a line that is read was to be driven', name);
    } else {
      known.held.set(level);
      known.listed.value = level;
    }
  }

  expectChange(): void {
    this.#expectedAtUs = this.clock.nowUs();
    this.#poll(busyPollUs);
  }

  digitalRead(pin: string | number, listener: (level: Level) => void): void {
    const name = this.normalize(pin);
    const input = this.#input(name);
    input.listeners.push(listener);
    input.listed.report = 1;
    const { shown } = input;
    if (shown !== null) setImmediate(() => listener(input.shown ?? shown));
    this.#poll(0);
  }

  readLevel(pin: string | number): Level {
    const known = this.#held.get(this.normalize(pin));
    if (known === undefined) throw internalError('a line that is not held was to be read', pin);
    return known.held.get();
  }

  analogRead(pin: string | number): never {
    throw unsupported('analog input', pin);
  }

  analogWrite(pin: string | number): never {
    throw unsupported('PWM', pin);
  }

  servoWrite(pin: string | number): never {
    throw unsupported('servo', pin);
  }

  /** Looks no more. R27: outputs stay held, and so as they are, until the process ends. */
  close(): void {
    this.#closed = true;
    this.#cancelPoll?.();
    for (const { direction, held } of this.#held.values()) if (direction === 'input') held.release();
  }

  #input(name: string): HeldPin {
    const known = this.#held.get(name);
    if (known?.direction === 'output') throw internalError('a line that is driven was to be read', name);
    if (known !== undefined) return known;
    const request = { direction: 'input', consumer, pull: this.#pulls.get(name) ?? 'none' } as const;
    return this.#keep(name, request.direction, takeLine(this.host, name, this.label, request), null);
  }

  #keep(name: string, direction: HeldPin['direction'], held: HeldLine, level: Level | null): HeldPin {
    const listed: ListedPin = {
      supportedModes: [modes.INPUT, modes.OUTPUT],
      mode: direction === 'input' ? modes.INPUT : modes.OUTPUT,
      value: level ?? 0,
      report: 0,
      analogChannel: 127,
    };
    this.pins.push(listed);
    const kept: HeldPin = { direction, held, listed, listeners: [], shown: null };
    this.#held.set(name, kept);
    return kept;
  }

  #poll(afterUs: number): void {
    if (this.#closed || ![...this.#held.values()].some(({ listeners }) => listeners.length > 0)) return;
    this.#cancelPoll?.();
    this.#cancelPoll = this.clock.alarm(this.clock.nowUs() + afterUs, () => this.#look());
  }

  #look(): void {
    const read = [...this.#held.values()]
      .filter(({ listeners }) => listeners.length > 0)
      .map((pin) => [pin, this.#read(pin)] as const);
    for (const [pin, level] of read) {
      if (level === null || level === pin.shown) continue;
      pin.shown = level;
      pin.listed.value = level;
      for (const listener of [...pin.listeners]) listener(level);
    }
    const isBusy = this.clock.nowUs() - this.#expectedAtUs < busyForUs;
    this.#poll(isBusy ? busyPollUs : idlePollUs);
  }

  /** A line that cannot be read (its chip is gone, perhaps for a moment) is the plugin's failure, told once until all can. */
  #read(pin: HeldPin): Level | null {
    try {
      const level = pin.held.get();
      if (this.#unread.delete(pin) && this.#unread.size === 0) this.#recover();
      return level;
    } catch (error) {
      if (this.#unread.size === 0) this.emit('error', error);
      this.#unread.add(pin);
      return null;
    }
  }

  /** Nobody has heard of levels meanwhile: each is told anew. */
  #recover(): void {
    for (const pin of this.#held.values()) pin.shown = null;
    this.emit('recovered');
  }
}

function unsupported(what: string, pin: string | number): CopycatError {
  return new CopycatError('RELAY_UNAVAILABLE', `a GPIO line of the host has no ${what}`, {
    value: pin,
    expected: 'digital input or output; analog pins are on a Firmata board (A0)',
  });
}
