import type { OutputListener, TransmitListener } from '../emulator/board-listeners.js';
import { eightNoneOne } from '../emulator/character-format.js';
import { ReceiveLine } from '../emulator/peripherals/usart-receive-line.js';
import type { ScriptedApplication } from '../model-board/board-application.js';
import { BoardCore } from '../model-board/board-core.js';
import { BoardOutputs } from '../model-board/board-outputs.js';
import { BoardDefects } from '../model-board/board-self-test.js';
import { ByteSender } from '../model-board/byte-sender.js';
import { arrivalOrder, type ExecutionOrder } from '../model-board/execution-order.js';
import { heaterApplication } from '../model-board/heater-application.js';
import { encodeFrame } from '../protocol/frame-codec.js';
import { FrameSplitter } from '../protocol/frame-splitter.js';
import { type HelloResetCause, VERSIONS } from '../protocol/messages.generated.js';
import { SeededRandom } from '../random/seeded-random.js';
import type { BenchBoard } from './bench-board.js';

const bitsPerByte = 10;
const baudRateTolerance = 0.045;
const receiveBufferBytes = 255;
/** How often a board that has nothing to receive looks at the time. */
const lookEveryUs = 1000;

/** What a scripted board is made of. */
export interface ScriptedBoardOptions {
  readonly seed: number;
  /** Its number in HELLO; without it one that the seed makes. */
  readonly unit?: number;
  readonly application?: ScriptedApplication;
  /** Results kept, and the span of seqs taken. */
  readonly window?: number;
  readonly order?: ExecutionOrder;
  readonly baudRate?: number;
  /** From power to the first instruction that listens. */
  readonly startUs?: number;
  readonly silenceUs?: number;
  readonly silencePolicy?: 'safe' | 'hold';
  /** What the board's own source reads, in ADC counts. */
  readonly readOwnSource?: () => number;
}

/** A seq and when it happened, in emulated microseconds. */
export interface ScriptedEvent {
  readonly seq: number;
  readonly atUs: number;
}

/** A board in TypeScript that speaks the harness protocol over the same links, and executes in an order of our choice. */
export class ScriptedBoard implements BenchBoard {
  onTransmit: TransmitListener = () => undefined;
  onOutput: OutputListener = () => undefined;
  /** Every seq executed (probes too) and acted on, in order, over all lives. */
  readonly executed: ScriptedEvent[] = [];
  readonly acted: ScriptedEvent[] = [];
  /** What its self-test finds. */
  readonly defects = new BoardDefects();
  readonly counters = { badFrames: 0, wrongRate: 0, starts: 0 };
  readonly #options: Required<ScriptedBoardOptions>;
  readonly #line = new ReceiveLine((atUs) => {
    this.#receiveUs = atUs;
  });
  readonly #sender: ByteSender;
  readonly #random: SeededRandom;
  #receiveUs = Number.POSITIVE_INFINITY;
  #splitter = new FrameSplitter();
  #outputs: BoardOutputs | null = null;
  #core: BoardCore | null = null;
  #boot: number;
  #nowUs = 0;
  #startUs: number;
  #startCause: HelloResetCause = 'powerOn';
  #lookUs = 0;
  #stalledUntilUs = 0;

  constructor(options: ScriptedBoardOptions) {
    this.#options = {
      unit: new SeededRandom(~options.seed >>> 0).nextU32(),
      application: heaterApplication,
      window: 3,
      order: arrivalOrder,
      baudRate: 500_000,
      startUs: 100_000,
      silenceUs: 5_000_000,
      silencePolicy: 'safe',
      readOwnSource: () => 0,
      ...options,
    };
    const { baudRate } = this.#options;
    this.#sender = new ByteSender(baudRate, (byte, atUs) => this.onTransmit(byte, atUs, baudRate, eightNoneOne));
    this.#random = new SeededRandom(options.seed);
    this.#boot = this.#random.nextU32();
    this.#startUs = this.#options.startUs;
  }

  /** The life it is in: session, state, failure; null while it starts. */
  get core(): BoardCore | null {
    return this.#core;
  }

  runUntilUs(untilUs: number): void {
    while (this.#nowUs < untilUs) {
      const nextUs = Math.min(
        untilUs,
        this.#receiveUs,
        this.#sender.nextUs,
        this.#core === null ? this.#startUs : this.#lookUs,
      );
      this.#nowUs = Math.max(this.#nowUs, nextUs);
      if (this.#sender.nextUs <= this.#nowUs) this.#sender.finishByte();
      if (this.#receiveUs <= this.#nowUs) this.#arrive();
      if (this.#core === null && this.#startUs <= this.#nowUs) this.#start();
      if (this.#lookUs <= this.#nowUs) this.#work();
    }
  }

  /** It speaks 8N1. */
  receive(byte: number, startUs: number, baudRate: number): void {
    const bitUs = 1e6 / baudRate;
    this.#line.put({ byte, endCycle: startUs + bitsPerByte * bitUs, bitCycles: bitUs });
  }

  dropReceiving(): void {
    this.#line.clear();
  }

  duty(pin: number): number {
    return this.#outputs?.duty(pin) ?? 0;
  }

  resetExternal(startDelayUs = 0): void {
    this.#end('external', this.#options.startUs + startDelayUs);
  }

  powerCycle(offUs = 0): void {
    this.#boot = this.#random.nextU32();
    this.#end('powerOn', this.#options.startUs + offUs);
  }

  halt(): void {
    this.#stalledUntilUs = Number.POSITIVE_INFINITY;
  }

  pauseForUs(durationUs: number): void {
    this.#stalledUntilUs = this.#nowUs + durationUs;
  }

  /** A fault: flips bits of a byte of the registered state. */
  corruptState(offset: number, xorMask: number): void {
    const bytes = this.#core?.memory.bytes;
    if (bytes !== undefined) bytes[offset] = (bytes[offset] ?? 0) ^ xorMask;
  }

  /** A fault: a pin shows another level than was written. */
  corruptOutput(pin: number, level: number): void {
    this.#outputs?.corrupt(pin, level);
  }

  #start(): void {
    const { unit, application, window, order, silenceUs, silencePolicy, readOwnSource } = this.#options;
    this.counters.starts += 1;
    this.#splitter = new FrameSplitter();
    const outputs = new BoardOutputs(application.outputs, (pin, duty) => this.onOutput(this.#nowUs, pin, duty));
    this.#outputs = outputs;
    // Its pins leave the floating state only now, with their safe levels.
    for (const { pin } of application.outputs) this.onOutput(this.#nowUs, pin, outputs.duty(pin));
    const core = new BoardCore({
      ...{ unit, application, window, order, outputs, silenceUs, silencePolicy, readOwnSource },
      boot: this.#boot,
      resetCause: this.#startCause,
      rxBytes: receiveBufferBytes,
      defects: this.defects,
      canSend: () => this.#sender.room >= VERSIONS[0].wireBytes,
      send: (message) => this.#sender.send(encodeFrame(message), this.#nowUs),
      restart: () => this.#end('commanded', this.#options.startUs),
    });
    core.exchange.onExecuted = (seq) => this.executed.push({ seq, atUs: this.#nowUs });
    core.exchange.onActed = (seq) => this.acted.push({ seq, atUs: this.#nowUs });
    this.#core = core;
    this.#lookUs = this.#nowUs;
  }

  #end(cause: HelloResetCause, startAfterUs: number): void {
    if (this.#core !== null) this.#boot = (this.#boot + 1) >>> 0;
    this.#core = null;
    this.#startCause = cause;
    this.#startUs = this.#nowUs + startAfterUs;
    this.#stalledUntilUs = 0;
    this.#sender.clear();
    this.#line.clear();
    const driven = this.#options.application.outputs.filter(({ pin }) => this.duty(pin) > 0);
    this.#outputs = null;
    for (const { pin } of driven) this.onOutput(this.#nowUs, pin, 0);
  }

  #arrive(): void {
    const arriving = this.#line.take();
    if (arriving === null || this.#core === null) return;
    const sentBaudRate = 1e6 / arriving.bitCycles;
    const isWrong = Math.abs(sentBaudRate / this.#options.baudRate - 1) > baudRateTolerance;
    if (isWrong) this.counters.wrongRate += 1;
    if (this.#stalledUntilUs > this.#nowUs) return;
    const received = this.#splitter.pushByte(isWrong ? arriving.byte ^ 0xa5 : arriving.byte);
    if (received === null) return;
    if (received.ok) this.#core.receive(received.message, this.#nowUs);
    else this.counters.badFrames += 1;
    this.#lookUs = this.#nowUs;
  }

  #work(): void {
    this.#lookUs = this.#nowUs + lookEveryUs;
    if (this.#stalledUntilUs > this.#nowUs) return;
    while (this.#core?.poll(this.#nowUs) === true);
  }
}
