import type { BoardId, FromBoard } from '../../pair/result/messages.js';
import { type DiscardReason, decodeFrame, isFromBoard } from '../../protocol/frame-codec.js';
import { type FromBoardMessage, type HelloMessage, VERSIONS } from '../../protocol/messages.generated.js';
import type { ReadMessage } from '../dialect.js';
import type { LinkCounters, LinkCounts } from '../link-counters.js';
import type { LinkNote } from '../link-notes.js';
import { FlashSum } from './flash-sum.js';
import type { InputMemory } from './input-memory.js';
import { ResultCollector } from './result-collector.js';
import { selfTestReportFromWire } from './self-test-report.js';
import { helloFromWire, MAX_INPUT_PAYLOAD_BYTES, reportFromWire, type Version, versionOf } from './wire-message.js';

const COUNTER_OF: Readonly<Record<DiscardReason, keyof LinkCounters>> = {
  'too-short': 'tooShort',
  'too-long': 'overlong',
  'bad-cobs': 'badCobs',
  'bad-crc': 'badCrc',
  'unknown-type': 'unknownType',
  'malformed-body': 'unknownType',
};

const LEAST_TEXT_BYTES = 5;
const [OLDEST] = VERSIONS;
const NEWEST = Math.max(...VERSIONS.map(({ protocol }) => protocol));

/** Turns the frames of a link into what the core hears, one opening after the other. Never throws: what is no message is counted. */
export class FrameReader {
  readonly #collector = new ResultCollector();
  #hasPrinted = false;
  #version: Version = OLDEST;
  #flashSum = new FlashSum();

  constructor(
    private readonly board: BoardId,
    private readonly inputs: InputMemory,
    private readonly counts: LinkCounts,
    private readonly note: (note: LinkNote) => void,
  ) {}

  /** That the board's last HELLO said. */
  get version(): Version {
    return this.#version;
  }

  /** Null when the frame was none, a part of a result, or nothing for the core. */
  read(frame: Uint8Array): ReadMessage | null {
    const decoded = decodeFrame(frame);
    if (!decoded.ok) {
      this.counts[COUNTER_OF[decoded.reason]]++;
      this.#noteText(frame);
      return null;
    }
    if (!isFromBoard(decoded.message)) {
      this.counts.unknownType++;
      return null;
    }
    this.counts.framesIn++;
    const message = this.#translate(decoded.message);
    return message === null ? null : { session: decoded.message.session, message };
  }

  /** The session is over: a result that was begun is none. */
  end(): void {
    this.#collector.abandon();
    this.#hasPrinted = false;
    this.#flashSum = new FlashSum();
    this.#countHalfResults();
  }

  #noteText(bytes: Uint8Array): void {
    if (this.#hasPrinted || !isText(bytes)) return;
    this.#hasPrinted = true;
    this.note({ board: this.board, kind: 'printed', text: lineIn(bytes) });
  }

  #translate(message: FromBoardMessage): FromBoard | null {
    const { board } = this;
    switch (message.kind) {
      case 'hello':
        return this.#introduced(message);
      case 'result': {
        const collected = this.#collector.add(message);
        this.#countHalfResults();
        if (collected === null) return null;
        const { inputCrc, ...result } = collected;
        return { inputMatches: this.inputs.matches(result.seq, inputCrc), ...result };
      }
      case 'offer':
        if (message.payload.length <= MAX_INPUT_PAYLOAD_BYTES) return { kind: 'offer', payload: message.payload };
        this.note({ board, kind: 'offerTooLong', bytes: message.payload.length, maxBytes: MAX_INPUT_PAYLOAD_BYTES });
        return null;
      case 'log':
        this.note({ board, kind: 'log', session: message.session, text: lineIn(message.text) });
        return null;
      case 'done':
      case 'failed':
      case 'state':
        return reportFromWire(message);
      case 'selfTestReport':
        return selfTestReportFromWire(message, this.#flashSum);
    }
  }

  #introduced(hello: HelloMessage): FromBoard | null {
    const version = versionOf(hello.protocol);
    if (version === null) {
      this.note({ board: this.board, kind: 'wrongProtocol', spoken: hello.protocol, expected: NEWEST });
      return null;
    }
    this.#version = version;
    this.#flashSum.heard(hello);
    return helloFromWire(hello);
  }

  #countHalfResults(): void {
    this.counts.halfResults += this.#collector.halfResults;
    this.#collector.halfResults = 0;
  }
}

/** Noise on a line is not so many printable characters, one behind the other. */
function isText(bytes: Uint8Array): boolean {
  const isPrintable = (byte: number): boolean =>
    (byte >= 0x20 && byte <= 0x7e) || byte === 0x0a || byte === 0x0d || byte === 0x09;
  return bytes.length >= LEAST_TEXT_BYTES && bytes.every(isPrintable);
}

/** A sketch may end its line as it would on a serial port. */
function lineIn(text: Uint8Array): string {
  return new TextDecoder().decode(text).replace(/[\r\n\0]+$/, '');
}
