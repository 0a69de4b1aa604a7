import type { Clock } from '../../clock/clock.js';
import { answerLength, type CodeTable, requestLength } from '../../protocol/modbus/pdu-length.js';
import { hasCrc } from '../../protocol/modbus/rtu-frame.js';
import { silenceUs } from '../../protocol/modbus/silence.js';
import { characterUs, type LineSettings } from '../../values/line-settings.js';
import type { RequestCutter } from '../clients/request-cutter.js';
import { EchoFilter } from './echo-filter.js';
import type { Cut } from './modbus-request.js';

export interface RtuCutterOptions {
  readonly clock: Clock;
  /** Lengths of functions that are not known by themselves. */
  readonly codes: CodeTable;
  /** Units whose requests are for us; what is said to and by others on the same line is left out. */
  readonly isServed: (unit: number) => boolean;
  /** Null: there is no wire (a pseudo-terminal, a socket). */
  readonly line: LineSettings | null;
  /** A socket: its end comes behind what was said, and is seen only by reading on. */
  readonly readsAhead?: boolean;
}

/** What the way from the wire to here may add; without a wire, what a busy machine may. */
const JITTER_US = 2000;
const NO_WIRE_SILENCE_US = 20_000;
/** Nobody goes on with a frame after so long; before, a pause may be a busy machine's. */
const GIVEN_UP_US = 500_000;
const CRC_BYTES = 2;
/** Of a master that does not wait for its answers so much is read, where its end is to be noticed. */
const MOST_AHEAD_BYTES = 16_384;

type FrameEnd = { readonly bytes: number; readonly isRequest: boolean } | 'more' | 'none';

/**
 * Cuts Modbus RTU by length and checksum, as frames come through converters that do not keep the pauses. A frame that is neither a request
 * nor an answer means that the order is lost: all is left out up to the next silence, because in the middle of what another slave
 * says there may be anything. Holds one frame and one chunk at most, and where it reads ahead so much more.
 */
export class RtuCutter implements RequestCutter<Cut> {
  /** Bytes that belonged to no frame. */
  lostBytes = 0;
  readonly #echo: EchoFilter | null;
  readonly #characterUs: number;
  /** After which a frame begins. */
  readonly #silenceUs: number;
  #held: Buffer = Buffer.alloc(0);
  #request: Cut | null = null;
  #isLost = false;
  #lastUs = 0;

  constructor(private readonly options: RtuCutterOptions) {
    const { clock, line } = options;
    this.#characterUs = line === null ? 0 : characterUs(line);
    this.#silenceUs = line === null ? NO_WIRE_SILENCE_US : silenceUs(line) + JITTER_US;
    this.#echo = line === null ? null : new EchoFilter(clock, this.#characterUs);
  }

  /** Echoes of what was sent, left out. */
  get echoes(): number {
    return this.#echo?.echoes ?? 0;
  }

  /** This frame goes out to whoever asked. */
  sent(frame: Uint8Array): void {
    this.#echo?.sent(frame, requestLength(frame, 1, frame.length, this.options.codes) === frame.length - 1 - CRC_BYTES);
  }

  push(chunk: Buffer): void {
    const gapUs = this.#gapBefore(chunk.length);
    const isAfterSilence = gapUs >= this.#silenceUs;
    if (this.#isLost && !isAfterSilence) {
      this.lostBytes += chunk.length;
      return;
    }
    this.#isLost = false;
    const before = this.#held;
    this.#held = before.length === 0 ? chunk : Buffer.concat([before, chunk]);
    if (isAfterSilence && this.#request === null && before.length > 0 && this.#beginsAnew(chunk, gapUs)) {
      this.lostBytes += before.length;
      this.#held = chunk;
    }
    this.#cut();
  }

  /** Whether what came after a silence begins a frame, and what was held before it is none. */
  #beginsAnew(chunk: Buffer, gapUs: number): boolean {
    const together = this.#frameEnd(this.#held);
    if (typeof together === 'object') return false;
    return together === 'none' || typeof this.#frameEnd(chunk) === 'object' || gapUs >= GIVEN_UP_US;
  }

  /** What was not begun when its master hangs up is never done: it asks anew when it is back. */
  end(): void {
    this.#request = null;
    this.#held = Buffer.alloc(0);
  }

  get hasRoom(): boolean {
    return this.options.readsAhead === true && this.#held.length < MOST_AHEAD_BYTES;
  }

  get hasRequest(): boolean {
    return this.#request !== null;
  }

  next(): Cut | null {
    const request = this.#request;
    this.#request = null;
    if (request !== null) this.#cut();
    return request;
  }

  /** By when the chunk came and how long it took on the wire; a chunk that waited for us looks later than it was, never earlier. */
  #gapBefore(bytes: number): number {
    const nowUs = this.options.clock.nowUs();
    const gapUs = nowUs - this.#lastUs - bytes * this.#characterUs;
    this.#lastUs = nowUs;
    return gapUs;
  }

  /** Up to the first request that is for us. */
  #cut(): void {
    while (this.#request === null && this.#held.length > 0) {
      const echo = this.#echo?.echoAt(this.#held) ?? 0;
      if (echo === 'more') return;
      if (echo > 0) {
        this.#held = this.#held.subarray(echo);
        continue;
      }
      const end = this.#frameEnd(this.#held);
      if (end === 'more') return;
      if (end === 'none') {
        this.#isLost = true;
        this.lostBytes += this.#held.length;
        this.#held = Buffer.alloc(0);
        return;
      }
      const frame = this.#held.subarray(0, end.bytes);
      this.#held = this.#held.subarray(end.bytes);
      const unit = frame[0] ?? 0;
      // An answer under one of our units is another slave's with our address, or a damaged echo: no request either way.
      if (end.isRequest && this.options.isServed(unit)) {
        this.#request = {
          unit,
          pdu: Uint8Array.from(frame.subarray(1, -CRC_BYTES)),
          transaction: null,
          heardAtUs: this.#lastUs,
        };
      }
    }
  }

  #frameEnd(held: Buffer): FrameEnd {
    const { codes } = this.options;
    let mayCome = false;
    for (const isRequest of [true, false]) {
      const length = (isRequest ? requestLength : answerLength)(held, 1, held.length, codes);
      if (length === 'unknown') continue;
      const bytes = length === 'more' ? Number.POSITIVE_INFINITY : 1 + length + CRC_BYTES;
      if (bytes > held.length) mayCome = true;
      else if (hasCrc(held, 0, bytes)) return { bytes, isRequest };
    }
    return mayCome ? 'more' : 'none';
  }
}
