import type { Firmata } from 'firmata-io';
import type { Clock } from '../../clock/clock.js';
import { type FirmataStream, FirmataTransport } from './firmata-stream.js';
import { OUTPUT, type PinMemory } from './pin-memory.js';

/** firmata-io waits 5 s for a board to speak first when not told otherwise; one that is already running never does. */
const REPORT_VERSION_TIMEOUT_MS = 200;
/** A bootloader (1 s), the sketch's version told by its lamp (2 s), and time to spare. */
const HANDSHAKE_US = 6_000_000;
/** The board is asked what its pins do so often: nothing else would show that it has forgotten them. */
const ASK_EVERY_US = 200_000;
/**
 * So many rounds of questions unanswered: what is commanded now may lead nowhere. Rounds and not time: a process that
 * stood still has not asked, and finds the answers waiting.
 */
const SILENT_ROUNDS = 3;
/** Longer than any restart of the board takes: the port is opened again, which may restart it once more. */
const GIVEN_UP_ROUNDS = 30;
/** The board's receive buffer has 64 bytes, a question 4. */
const ASKED_AT_ONCE = 8;

export interface ConnectionEvents {
  /** Null: the board answers and its pins are as they were commanded. */
  condition(trouble: string | null): void;
  digital(pin: number, level: 0 | 1): void;
  analog(channel: number, counts: number): void;
}

export interface ConnectionOptions {
  readonly stream: FirmataStream;
  readonly memory: PinMemory;
  readonly clock: Clock;
  readonly events: ConnectionEvents;
  readonly createFirmata: (transport: FirmataTransport, reportVersionTimeoutMs: number) => Firmata;
}

/**
 * One opening of the Firmata board's port: handshake, pins as they were commanded, and from then on the question whether
 * they still are. Firmata answers no write and has no checksum, so every pin that was written is asked for again and again.
 */
export class FirmataConnection {
  readonly firmata: Firmata;
  /** Why it ended; never rejects. */
  readonly ended: Promise<string>;
  readonly #transport: FirmataTransport;
  #resolveEnded: (reason: string) => void = () => undefined;
  #isOver = false;
  #isUp = false;
  /** Rounds of questions since the last answer. */
  #unanswered = 0;
  #cancelAlarm: (() => void) | null = null;
  /** Writes so far: an answer to a question from before a write says nothing about it. */
  #writes = 0;
  readonly #writesWhenAsked = new Map<number, number>();
  readonly #asked = new Set<number>();
  /** Pins of which one answer said that they are not as they were commanded. */
  readonly #doubted = new Set<number>();

  constructor(private readonly options: ConnectionOptions) {
    const { stream, clock } = options;
    this.#transport = new FirmataTransport(stream);
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    this.firmata = options.createFirmata(this.#transport, REPORT_VERSION_TIMEOUT_MS);
    this.firmata.on('error', () => undefined); // the stream tells how it ended
    this.firmata.on('reportversion', () => this.#heardVersion());
    this.firmata.on('digital-read', ({ pin, value }: { pin: number; value: number }) =>
      options.events.digital(pin, value === 0 ? 0 : 1),
    );
    this.firmata.on('analog-read', ({ pin, value }: { pin: number; value: number }) =>
      options.events.analog(pin, value),
    );
    this.firmata.once('ready', () => void this.#begin());
    stream.closed.then(
      (reason) => this.end(reason),
      () => undefined, // it never rejects
    );
    this.#cancelAlarm = clock.alarm(clock.nowUs() + HANDSHAKE_US, () =>
      this.end('it does not answer as a board with StandardFirmata does'),
    );
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Makes an output of the pin, at the level that the memory has for it. */
  writeOutput(pin: number): void {
    const { memory } = this.options;
    this.#writes += 1;
    const isOutput = this.firmata.pins[pin]?.mode === OUTPUT;
    this.#setMode(pin, OUTPUT);
    // Naming the mode takes the level away for a moment, so it is done only where it has to be.
    this.#send(isOutput ? [] : memory.modeMessage(pin), memory.writeMessage(pin));
  }

  readInput(pin: number): void {
    const { memory } = this.options;
    this.#writes += 1;
    this.#setMode(pin, 0);
    // A pull-up is switched by writing to an input: the mode of its own is not known to every StandardFirmata.
    this.#send(memory.modeMessage(pin), memory.writeMessage(pin), memory.reportMessages());
  }

  report(): void {
    this.#send(this.options.memory.reportMessages());
  }

  end(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#isUp = false;
    this.#cancelAlarm?.();
    clearTimeout(this.firmata.reportVersionTimeoutId);
    this.options.stream.close();
    this.#resolveEnded(reason);
  }

  #send(...messages: readonly (readonly number[])[]): void {
    const bytes = messages.flat();
    if (bytes.length > 0) this.#transport.write(Uint8Array.from(bytes));
  }

  #setMode(pin: number, mode: number): void {
    const known = this.firmata.pins[pin];
    if (known !== undefined) known.mode = mode;
  }

  /** The board says its version when it starts: its pins are as after a reset. */
  #heardVersion(): void {
    const { memory, events } = this.options;
    if (this.#isOver) return;
    this.#unanswered = 0;
    // R13: the relay's line before anything else, the questions of the handshake too.
    this.#writes += 1;
    this.#send(memory.restoreMessages());
    if (!this.#isUp) return;
    events.condition('it restarted, and its pins were as after a reset');
    this.#verify();
    events.condition(null);
  }

  /** The handshake is over. What the board does with its other outputs is kept: they are written together with ours. */
  async #begin(): Promise<void> {
    const { memory, events } = this.options;
    const pins = [...this.firmata.pins.keys()].filter((pin) => pin > 1);
    for (let from = 0; from < pins.length; from += ASKED_AT_ONCE) {
      await Promise.all(pins.slice(from, from + ASKED_AT_ONCE).map((pin) => this.#ask(pin)));
      if (this.#isOver) return;
    }
    for (const pin of pins) {
      const { mode, state = 0 } = this.firmata.pins[pin] ?? { mode: undefined };
      if (mode === OUTPUT) memory.keep(pin, state === 0 ? 0 : 1);
    }
    this.#isUp = true;
    for (const pin of memory.inputs.keys()) this.readInput(pin);
    this.#verify();
    this.#send(memory.reportMessages());
    events.condition(null);
    this.#askLater();
  }

  #ask(pin: number): Promise<void> {
    return new Promise((resolve) => {
      this.firmata.once(`pin-state-${pin}`, () => {
        this.#unanswered = 0;
        resolve();
      });
      this.#send(this.options.memory.queryMessage(pin));
    });
  }

  /** Asks every pin in use what it does; one that does something else is set again. */
  #verify(): void {
    const { memory } = this.options;
    this.#unanswered += 1;
    const pins = [...memory.outputs.keys(), ...memory.inputs.keys()];
    // With nothing to ask for, one pin of no interest shows that the board lives.
    for (const pin of pins.length > 0 ? pins : [2]) {
      if (!this.#asked.has(pin)) {
        this.#asked.add(pin);
        this.firmata.on(`pin-state-${pin}`, () => this.#heardState(pin));
      }
      this.#query(pin);
    }
    // A level of an input that was lost on the wire, or a board that reports nothing after a reset: asked for again.
    if (memory.inputs.size > 0) this.#send(memory.reportMessages());
  }

  #query(pin: number): void {
    this.#writesWhenAsked.set(pin, this.#writes);
    this.#send(this.options.memory.queryMessage(pin));
  }

  #heardState(pin: number): void {
    const { memory, events } = this.options;
    if (this.#isOver) return;
    // An answer that was under way when the pin was written says nothing about it.
    const isNews = this.#writesWhenAsked.get(pin) === this.#writes;
    const isForgotten = isNews && !this.#isAsCommanded(pin);
    const wasDoubted = this.#doubted.delete(pin);
    if (isForgotten && !wasDoubted) {
      // Perhaps to an earlier question: after a stall of this process it is read only when the next has been asked.
      this.#doubted.add(pin);
      return this.#query(pin);
    }
    const wasSilent = this.#unanswered > SILENT_ROUNDS;
    this.#unanswered = 0;
    if (isForgotten) {
      events.condition(`it had forgotten what pin ${pin} does: its pins were reset, or a byte was lost`);
      this.#writes += 1;
      this.#send(memory.restoreMessages());
      // Analog pins come out of a reset as analog inputs: they need their mode again.
      if (memory.outputs.has(pin)) this.writeOutput(pin);
      this.report();
      events.condition(null);
    } else if (wasSilent) {
      events.condition(null);
    }
  }

  #isAsCommanded(pin: number): boolean {
    const { memory } = this.options;
    const { mode, state = 0 } = this.firmata.pins[pin] ?? { mode: undefined };
    const level = memory.outputs.get(pin);
    if (level !== undefined) return mode === OUTPUT && (state === 0 ? 0 : 1) === level;
    return !memory.inputs.has(pin) || mode !== OUTPUT;
  }

  #askLater(): void {
    const { clock, events } = this.options;
    this.#cancelAlarm?.();
    this.#cancelAlarm = clock.alarm(clock.nowUs() + ASK_EVERY_US, () => {
      if (this.#unanswered > GIVEN_UP_ROUNDS) return this.end('it does not answer');
      this.#verify();
      if (this.#unanswered > SILENT_ROUNDS) events.condition('it does not answer');
      this.#askLater();
    });
  }
}
