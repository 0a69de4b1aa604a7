import type { Clock } from '../../clock/clock.js';
import { type CharacterFormat, eightNoneOne, errorsBetween } from '../../emulator/character-format.js';
import { SeededRandom } from '../../random/seeded-random.js';
import { bitsPerCharacter, characterUs } from '../../values/line-settings.js';
import type { BenchBoard } from '../bench-board.js';
import { ByteFaults } from './byte-faults.js';
import type { LinkParameters } from './link-parameters.js';

/** What the adapter and the kernel hold for the board at most; more is dropped and counted. */
const hostQueueBytes = 4096;
const bitRateTolerance = 0.045;
const floodSliceUs = 1000;

/** What a link is built from. */
export interface LinkOptions {
  readonly clock: Clock;
  readonly board: BenchBoard;
  readonly parameters: LinkParameters;
  /** What the host has set its port to. */
  readonly baudRate: number;
  /** The same; 8N1 when not given. */
  readonly format?: CharacterFormat;
  /** Where the adapter's timers stand at time zero, so that two links do not flush in step. */
  readonly phaseUs?: number;
  readonly toHost: (bytes: Uint8Array) => void;
}

/** A serial adapter and its cable, in emulated time: when which byte arrives on the other side, and what happens to it. */
export class Link {
  readonly faults = { toBoard: new ByteFaults(), fromBoard: new ByteFaults() };
  readonly counters = {
    toBoard: 0,
    fromBoard: 0,
    droppedToBoard: 0,
    wrongRate: 0,
    wrongFormat: 0,
    packetsToHost: 0,
    floodBytes: 0,
  };
  readonly #clock: Clock;
  readonly #board: BenchBoard;
  readonly #parameters: LinkParameters;
  readonly #baudRate: number;
  readonly #format: CharacterFormat;
  readonly #phaseUs: number;
  readonly #toHost: (bytes: Uint8Array) => void;
  #hostQueue: number[] = [];
  #isFrameSet = false;
  #lineFreeUs = 0;
  readonly #packet: number[] = [];
  #flushDueUs = Number.POSITIVE_INFINITY;
  #lastFlushUs = 0;

  constructor(options: LinkOptions) {
    this.#clock = options.clock;
    this.#board = options.board;
    this.#parameters = options.parameters;
    this.#baudRate = options.baudRate;
    this.#format = options.format ?? eightNoneOne;
    this.#phaseUs = options.phaseUs ?? 0;
    this.#toHost = options.toHost;
    options.board.onTransmit = (byte, atUs, baudRate, format) => this.#fromBoard(byte, atUs, baudRate, format);
  }

  /** Bytes the host wrote, now. */
  fromHost(bytes: Uint8Array): void {
    for (const byte of bytes) {
      this.faults.toBoard.pass(byte, (passed) => {
        if (this.#hostQueue.length >= hostQueueBytes) this.counters.droppedToBoard += 1;
        else this.#hostQueue.push(passed);
      });
    }
    if (this.#parameters.hostFrameUs === 0) this.#sendToBoard(hostQueueBytes);
    else this.#setFrame();
  }

  /** Bytes waiting for the board, not yet on the line. */
  get waitingToBoard(): number {
    return this.#hostQueue.length;
  }

  /** What opening the port does to an Uno: RESET through DTR, then the bootloader listens instead of the program. */
  resetThroughDtr(): void {
    this.#board.resetExternal(this.#parameters.bootloaderUs);
  }

  /** Nothing gets through in either direction, and the port stays there. */
  cut(): void {
    this.faults.toBoard.isCut = true;
    this.faults.fromBoard.isCut = true;
    this.#board.dropReceiving();
  }

  /** Undoes `cut`. */
  mend(): void {
    this.faults.toBoard.isCut = false;
    this.faults.fromBoard.isCut = false;
  }

  /** The adapter lost its supply: what it held is gone. */
  clear(): void {
    this.#hostQueue = [];
    this.#packet.length = 0;
    this.#flushDueUs = Number.POSITIVE_INFINITY;
    this.#board.dropReceiving();
  }

  /** Garbage reaches the host at the full line rate, as from a board gone mad. */
  flood(durationUs: number, seed: number): void {
    const random = new SeededRandom(seed);
    const endUs = this.#clock.nowUs() + durationUs;
    const bytesPerSlice = Math.floor((this.#baudRate / bitsPerCharacter(this.#format) / 1e6) * floodSliceUs);
    const slice = () => {
      const nowUs = this.#clock.nowUs();
      for (let index = 0; index < bytesPerSlice; index += 1) this.#collect(random.nextBelow(256), nowUs);
      this.counters.floodBytes += bytesPerSlice;
      if (nowUs + floodSliceUs < endUs) this.#clock.alarm(nowUs + floodSliceUs, slice);
    };
    slice();
  }

  #setFrame(): void {
    if (this.#isFrameSet || this.#hostQueue.length === 0) return;
    this.#isFrameSet = true;
    this.#clock.alarm(this.#nextMultiple(this.#clock.nowUs(), this.#parameters.hostFrameUs), () => {
      this.#isFrameSet = false;
      this.#sendToBoard(this.#parameters.packetBytes);
      this.#setFrame();
    });
  }

  #nextMultiple(afterUs: number, everyUs: number): number {
    return (Math.floor((afterUs - this.#phaseUs) / everyUs) + 1) * everyUs + this.#phaseUs;
  }

  #sendToBoard(mostBytes: number): void {
    // Also where USB ends in the board itself: it takes bytes when it has room, and the boards of the bench have a UART's.
    const byteUs = characterUs({ ...this.#format, baudRate: this.#baudRate });
    for (const byte of this.#hostQueue.splice(0, mostBytes)) {
      this.#lineFreeUs = Math.max(this.#lineFreeUs, this.#clock.nowUs());
      this.#board.receive(byte, this.#lineFreeUs, this.#baudRate, this.#format);
      this.#lineFreeUs += byteUs;
      this.counters.toBoard += 1;
    }
  }

  #fromBoard(byte: number, atUs: number, baudRate: number, format: CharacterFormat): void {
    let received = byte;
    if (Math.abs(baudRate / this.#baudRate - 1) > bitRateTolerance) {
      this.counters.wrongRate += 1;
      received = byte ^ 0x5a;
    }
    const errors = errorsBetween(byte, format, this.#format.parity, false);
    if (errors.frame || errors.parity) this.counters.wrongFormat += 1;
    // As serialport sets a port up: a wrong stop bit is no byte, and nobody looks at parity.
    if (errors.frame) return;
    this.faults.fromBoard.pass(received, (passed) => this.#collect(passed, atUs));
  }

  #collect(byte: number, atUs: number): void {
    // The board may be a little ahead of the alarm that flushes: what came later must not travel with what came before.
    if (atUs >= this.#flushDueUs) this.#flush(this.#flushDueUs);
    this.#packet.push(byte);
    this.counters.fromBoard += 1;
    if (this.#packet.length >= this.#parameters.packetBytes) this.#flush(atUs);
    else if (this.#flushDueUs === Number.POSITIVE_INFINITY) this.#setFlush(atUs);
  }

  #setFlush(atUs: number): void {
    const { flush } = this.#parameters;
    if (flush.kind === 'at-once') {
      this.#flush(atUs);
      return;
    }
    const dueUs =
      flush.kind === 'grid'
        ? this.#nextMultiple(atUs, flush.everyUs)
        : Math.max(atUs, this.#lastFlushUs + flush.afterUs);
    this.#flushDueUs = dueUs;
    this.#clock.alarm(dueUs, () => {
      if (this.#flushDueUs === dueUs) this.#flush(dueUs);
    });
  }

  #flush(atUs: number): void {
    this.#flushDueUs = Number.POSITIVE_INFINITY;
    this.#lastFlushUs = atUs;
    if (this.#packet.length === 0) return;
    this.counters.packetsToHost += 1;
    this.#toHost(Uint8Array.from(this.#packet.splice(0)));
  }
}
