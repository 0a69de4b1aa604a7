import { EmulatedBoard } from '../../emulator/emulated-board.js';
import { mcuNamed } from '../../emulator/mcu-named.js';
import { versionOf } from '../../link/harness/wire-message.js';
import { encodeFrame, isFromBoard } from '../../protocol/frame-codec.js';
import { FrameSplitter } from '../../protocol/frame-splitter.js';
import type {
  DoneMessage,
  FailedReason,
  FromBoardMessage,
  HelloMessage,
  Message,
  ResultMessage,
} from '../../protocol/messages.generated.js';
import { FRAME } from '../../protocol/messages.generated.js';
import { resultHash } from '../../protocol/result-hash.js';
import { eepromWithUnit } from '../../third-copy/eeprom-with-unit.js';
import type { ExecutedResult } from '../record/executed-inputs.js';

export interface ReplayBoardOptions {
  /** The program as Intel HEX. */
  readonly hex: string;
  /** The name of its microcontroller. */
  readonly mcu: string;
  /** Decides what its memory wakes up with. */
  readonly seed: number;
  readonly clockErrorPpm?: number;
  /** So long it has been running before anybody speaks to it, in emulated microseconds. */
  readonly warmUpUs?: number;
}

/** What one input depends on, as far as a program may depend on anything (R21). */
export interface ReplayInput {
  readonly payload: Uint8Array;
  readonly pairTimeMs: number;
  /** Null: it reads for itself. */
  readonly observed: readonly number[] | null;
}

export interface ReplayedInput extends ExecutedResult {
  /** The board's own readings. */
  readonly observed: readonly number[];
  /** What its outputs showed right after it had acted, in the order of cc_output. */
  readonly levels: readonly number[];
}

/** Why a board gave no answer. */
export interface NoAnswer {
  readonly noAnswer: string;
  /** It has stopped itself. */
  readonly stopped?: FailedReason;
}

/** CPU cycles from one byte to the next: as for a third copy, a third of what 500000 baud takes. */
const BYTE_CYCLES = 100;
const CYCLES_PER_US = 16;
/** How closely it is watched for what it says. */
const SLICE_US = 250;
/** A program that has not answered by then never will, or is of no use in a pair; emulated. */
const LONGEST_WAIT_US = 10_000_000;
/** So often a question is asked again: until its program is up, a board is deaf. */
const ASK_EVERY_US = 250_000;
const SESSION = 1;

/**
 * One emulated board that nobody harms, spoken to without gateway, link or ledger: what it answers is the program's own.
 * Its time goes on only while it works, and for as long as it is told to wait.
 */
export class ReplayBoard {
  readonly board: EmulatedBoard;
  /** Everything it has sent, until somebody has taken it. */
  readonly #received: FromBoardMessage[] = [];
  /** What it has said first, whatever that was. */
  readonly firstBytes: number[] = [];
  /** When its first frame had come; null: none has. */
  firstFrameUs: number | null = null;
  /** What it has said between frames: nothing, where nobody but the library speaks. */
  readonly strayBytes: number[] = [];
  /** Since the last delimiter. */
  #chunk: number[] = [];
  #lineFreeUs = 0;
  #seq = 0;
  /** The most readings that it can be given: HELLO says by its version. */
  #mostReadings = Number.POSITIVE_INFINITY;

  /** @throws CopycatError EMULATOR_FAILED for a damaged image, or a microcontroller that is not emulated */
  constructor(private readonly options: ReplayBoardOptions) {
    const { hex, seed, clockErrorPpm = 0 } = options;
    const mcu = mcuNamed(options.mcu);
    const eeprom = eepromWithUnit(0, mcu.eepromBytes);
    this.board = new EmulatedBoard({ mcu, hex, seed, clockErrorPpm, eeprom, byteCycles: BYTE_CYCLES });
    const splitter = new FrameSplitter();
    this.board.onTransmit = (byte) => {
      if (this.firstBytes.length < FRAME.wireBytes) this.firstBytes.push(byte);
      const received = splitter.pushByte(byte);
      if (byte !== FRAME.delimiter && this.#chunk.length < FRAME.wireBytes) this.#chunk.push(byte);
      if (received === null) return;
      if (received.ok) this.firstFrameUs ??= this.board.nowUs;
      else if (this.strayBytes.length < FRAME.wireBytes) this.strayBytes.push(...this.#chunk);
      this.#chunk = [];
      if (received.ok && isFromBoard(received.message)) this.#received.push(received.message);
    };
  }

  /** How often it has started by itself: its watchdog ran out. */
  get restarts(): number {
    return this.board.starts.watchdog;
  }

  /** Lets its time pass. */
  wait(us: number): void {
    this.board.runForUs(us);
  }

  /** Its first word; null: none within the time. */
  hello(waitUs = LONGEST_WAIT_US): HelloMessage | null {
    return this.#ask({ kind: 'helloRequest', session: 0, seq: 0 }, (message) => message.kind === 'hello', waitUs);
  }

  /** Opens a session with it, as with a board that is new to the pair. */
  open(waitUs = LONGEST_WAIT_US): HelloMessage | NoAnswer {
    this.wait(this.options.warmUpUs ?? 0);
    const hello = this.hello(waitUs);
    if (hello === null) return { noAnswer: 'it said nothing' };
    const { boot } = hello;
    this.#mostReadings = versionOf(hello.protocol)?.lines ?? this.#mostReadings;
    const open: Message = {
      ...{ kind: 'open', session: 0, seq: 0 },
      ...{ newSession: SESSION, wasSession: hello.session, boot, resume: false, nextSeq: 1 },
    };
    const isOpened = (message: FromBoardMessage): boolean => message.kind === 'hello' && message.session === SESSION;
    const opened = this.#ask<HelloMessage>(open, isOpened, waitUs);
    return opened ?? { noAnswer: 'it did not begin a session' };
  }

  /** Executes an input, commits its result and lets it act. A board that restarts has forgotten its session, and is asked no more. */
  play({ payload, pairTimeMs, observed }: ReplayInput, waitUs = LONGEST_WAIT_US): ReplayedInput | NoAnswer {
    this.#seq++;
    const { restarts } = this;
    const isLost = (): boolean => this.restarts > restarts;
    const seq = this.#seq;
    const parts: ResultMessage[] = [];
    const last = this.#ask<ResultMessage>(
      {
        ...{ kind: 'input', session: SESSION, seq, probe: false, recall: false, position: 0 },
        ...{
          observedGiven: observed !== null,
          observed: observed?.slice(0, this.#mostReadings) ?? [],
          pairTimeMs,
          payload,
        },
      },
      (message) => {
        if (message.kind !== 'result' || message.seq !== seq) return false;
        parts[message.part] = message;
        return message.last;
      },
      waitUs,
      isLost,
    );
    if (last === null) return this.#whyNot(waitUs);
    const hash = resultHash(parts, last.digest);
    const done = this.#ask<DoneMessage>(
      { kind: 'commit', session: SESSION, seq, resultHash: hash },
      (message) => message.kind === 'done' && message.seq === seq,
      waitUs,
      isLost,
    );
    if (done === null) return this.#whyNot(waitUs);
    return { parts, digest: last.digest, observed: last.observed, levels: done.readBack };
  }

  /** Its last message, if it is one that it stopped with. */
  #whyNot(waitUs: number): NoAnswer {
    const stopped = this.#received.findLast((message) => message.kind === 'failed');
    if (stopped?.kind === 'failed')
      return { noAnswer: `it stopped itself (${stopped.reason})`, stopped: stopped.reason };
    if (this.restarts > 0) return { noAnswer: `it restarted (${this.restarts} times)` };
    return { noAnswer: `it gave no answer in ${(waitUs / 1e6).toFixed(1)} s of its own time` };
  }

  /** Says it, again and again, until the answer is there. */
  #ask<Answer extends FromBoardMessage>(
    message: Message,
    isIt: (message: FromBoardMessage) => boolean,
    waitUs = LONGEST_WAIT_US,
    isLost = (): boolean => false,
  ): Answer | null {
    const { board } = this;
    const untilUs = board.nowUs + waitUs;
    this.#received.length = 0;
    let askAtUs = board.nowUs;
    while (board.nowUs < untilUs) {
      if (board.nowUs >= askAtUs) {
        this.#say(message);
        askAtUs += ASK_EVERY_US;
      }
      board.runForUs(SLICE_US);
      const found = this.#received.find(isIt);
      // `isIt` says what it is.
      if (found !== undefined) return found as Answer;
      if (isLost() || this.#received.some(({ kind }) => kind === 'failed')) return null;
    }
    return null;
  }

  #say(message: Message): void {
    const { board } = this;
    const { baudRate } = board;
    if (baudRate === null || !Number.isFinite(baudRate)) return;
    let startUs = Math.max(board.nowUs, this.#lineFreeUs);
    for (const byte of encodeFrame(message)) {
      board.receive(byte, startUs, baudRate);
      startUs += BYTE_CYCLES / CYCLES_PER_US;
    }
    this.#lineFreeUs = startUs;
  }
}
