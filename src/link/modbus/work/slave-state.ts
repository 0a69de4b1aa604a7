import type { StateChunk, ToBoard } from '../../../pair/result/messages.js';
import type { RegisterRange } from '../../../protocol/modbus/function-codes.js';
import {
  type StatePiece,
  StateProgress,
  StatePut,
  StateReading,
  StateWriting,
  stateBytesOf,
  statePieces,
} from './state-work.js';
import type { Work } from './work.js';

/** R25: what of a slave can be copied, and how far one has come that it is copied to. */
export class SlaveState {
  readonly bytes: number;
  readonly #pieces: readonly StatePiece[];
  /** The state that it is given; null: none, or it has all of it. */
  #put: StatePut | null = null;

  constructor(ranges: readonly RegisterRange[]) {
    this.#pieces = statePieces(ranges);
    this.bytes = stateBytesOf(this.#pieces);
  }

  /** The piece that begins there is asked for; of a board that is given a state, how far it has come. Null: there is none such. */
  giving(session: number, offset: StateChunk['offset']): Work | null {
    if (this.#put !== null) return new StateProgress(session, this.#put);
    const piece = this.#pieceAt(offset);
    return piece === null ? null : new StateReading(session, piece, piece === this.#pieces.at(-1));
  }

  taking(session: number, { offset, data, executionCount }: Extract<ToBoard, { kind: 'statePut' }>): Work | null {
    const piece = this.#pieceAt(offset);
    if (piece === null) return null;
    if (this.#put === null || (offset === 0 && this.#put.nextOffset > 0)) this.#put = new StatePut(this.bytes);
    return new StateWriting(session, piece, data, this.#put, executionCount);
  }

  /** Something of it has come to its end. */
  noteEnd(): void {
    if (this.#put?.isWhole === true) this.#put = null;
  }

  forget(): void {
    this.#put = null;
  }

  #pieceAt(offset: number): StatePiece | null {
    return this.#pieces.find((one) => one.offset === offset) ?? null;
  }
}
