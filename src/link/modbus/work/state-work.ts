import type { StateChunk } from '../../../pair/result/messages.js';
import { exceptionIn } from '../../../protocol/modbus/answer.js';
import { isBits, type RegisterRange } from '../../../protocol/modbus/function-codes.js';
import { coil, readingRequest, writingRequest } from '../../../protocol/modbus/request.js';
import type { Ended, Work } from './work.js';

/** So many fit one chunk: read, written and read again at 19200 baud it takes 100 ms, before the core asks a third time. */
const REGISTERS_OF_A_CHUNK = 16;
const COILS_OF_A_CHUNK = 128;

/** Registers that are read and written in one go, and where their bytes stand in the state. */
export interface StatePiece extends RegisterRange {
  readonly offset: number;
  readonly bytes: number;
}

/** What a board that joins is given, in pieces, in the order of the ranges. */
export function statePieces(ranges: readonly RegisterRange[]): readonly StatePiece[] {
  const pieces: StatePiece[] = [];
  let offset = 0;
  for (const { space, first, last } of ranges) {
    const most = isBits(space) ? COILS_OF_A_CHUNK : REGISTERS_OF_A_CHUNK;
    for (let at = first; at <= last; at += most) {
      const end = Math.min(last, at + most - 1);
      const bytes = isBits(space) ? Math.ceil((end - at + 1) / 8) : 2 * (end - at + 1);
      pieces.push({ space, first: at, last: end, offset, bytes });
      offset += bytes;
    }
  }
  return pieces;
}

export function stateBytesOf(pieces: readonly StatePiece[]): number {
  return pieces.reduce((sum, { bytes }) => sum + bytes, 0);
}

const NOTHING = new Uint8Array(0);

function chunkOf(executionCount: number, said: Partial<StateChunk> & { readonly offset: number }): Ended {
  const empty = { last: false, busy: false, accepted: false, digest: null, outputs: [], data: NOTHING };
  return { message: { kind: 'state', executionCount, ...empty, ...said }, executionCount };
}

/** Function code and number of bytes stand before the values. */
function valuesIn(answer: Uint8Array): Uint8Array | null {
  return exceptionIn(answer) === null ? answer.slice(2) : null;
}

/** One piece of the primary's. What it refuses to give is not told: the core asks again, and gives it up. */
export class StateReading implements Work {
  readonly isBroadcast = false;
  isAskedAgain = false;
  #answer: Uint8Array | null = null;

  constructor(
    readonly session: number,
    private readonly piece: StatePiece,
    private readonly isLast: boolean,
  ) {}

  get key(): string {
    return `give state from ${this.piece.offset}`;
  }

  next(): Uint8Array | null {
    return this.#answer === null ? readingRequest(this.piece) : null;
  }

  take(answer: Uint8Array): void {
    this.#answer = answer;
  }

  end(executionCount: number): Ended {
    const data = this.#answer === null ? null : valuesIn(this.#answer);
    if (data === null) return { message: null, executionCount };
    return chunkOf(executionCount, { offset: this.piece.offset, last: this.isLast, data });
  }
}

/** How far a board has come with the state that it is given. */
export class StatePut {
  nextOffset = 0;

  constructor(readonly totalBytes: number) {}

  get isWhole(): boolean {
    return this.nextOffset === this.totalBytes;
  }
}

/** One piece at the board that joins: read, written where it differs, and read again. */
export class StateWriting implements Work {
  readonly isBroadcast = false;
  isAskedAgain = false;
  #writes: Uint8Array[] = [];
  #step: 'reading' | 'writing' | 'checking' | 'written' | 'refused' = 'reading';

  /** @param executionCount of the state, once it is whole */
  constructor(
    readonly session: number,
    private readonly piece: StatePiece,
    private readonly data: Uint8Array,
    private readonly put: StatePut,
    private readonly executionCount: number,
  ) {
    // Behind what was refused it would be a state with a hole.
    if (piece.offset !== put.nextOffset || data.length !== piece.bytes) this.#step = 'refused';
  }

  get key(): string {
    return `take state from ${this.piece.offset}`;
  }

  next(): Uint8Array | null {
    switch (this.#step) {
      case 'reading':
      case 'checking':
        return readingRequest(this.piece);
      case 'writing':
        return this.#writes[0] ?? null;
      case 'written':
      case 'refused':
        return null;
    }
  }

  take(answer: Uint8Array): void {
    if (exceptionIn(answer) !== null) this.#step = 'refused';
    else if (this.#step === 'writing') this.#writes.shift();
    else this.#compare(valuesIn(answer) ?? NOTHING);
    if (this.#step === 'writing' && this.#writes.length === 0) this.#step = 'checking';
  }

  end(before: number): Ended {
    const { put, piece } = this;
    if (this.#step === 'refused') return chunkOf(before, { offset: put.nextOffset });
    put.nextOffset = piece.offset + piece.bytes;
    // Of any but the last nothing is said.
    if (!put.isWhole) return { message: null, executionCount: before };
    return chunkOf(this.executionCount, { offset: put.nextOffset, last: true, accepted: true });
  }

  #compare(now: Uint8Array): void {
    this.#writes = writesBetween(this.piece, now, this.data);
    if (this.#writes.length === 0) this.#step = 'written';
    else this.#step = this.#step === 'reading' ? 'writing' : 'refused';
  }
}

/** The question behind a piece that was given: whether there is room for the next. */
export class StateProgress implements Work {
  readonly isBroadcast = false;
  isAskedAgain = false;

  constructor(
    readonly session: number,
    private readonly put: StatePut,
  ) {}

  get key(): string {
    return 'how far the state has come';
  }

  next(): null {
    return null;
  }

  take(): void {
    // Nothing was asked.
  }

  end(executionCount: number): Ended {
    return chunkOf(executionCount, { offset: this.put.nextOffset, busy: true });
  }
}

/** Registers that differ, each run of them one request. */
function writesBetween({ space, first, last }: RegisterRange, now: Uint8Array, wanted: Uint8Array): Uint8Array[] {
  const value = (bytes: Uint8Array, address: number): number => {
    const index = address - first;
    return isBits(space) ? coil(bytes, index) : ((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0);
  };
  const writes: Uint8Array[] = [];
  let run: number[] = [];
  for (let address = first; address <= last + 1; address++) {
    const differs = address <= last && value(now, address) !== value(wanted, address);
    if (differs) run.push(value(wanted, address));
    else if (run.length > 0) {
      writes.push(writingRequest(space, address - run.length, run));
      run = [];
    }
  }
  return writes;
}
