import { crc32 } from '../protocol/crc32.js';
import type { StateMessage, StatePutMessage } from '../protocol/messages.generated.js';
import type { BoardOutputs } from './board-outputs.js';

/** Bytes of state in one STATE: a body of 51, 13 of them fixed, two for each output. */
const chunkBytes = (outputs: number) => 38 - 2 * outputs;

/** A board's registered state, the digest of what the last input left, and its transfer (R25). */
export class BoardMemory {
  bytes: Uint8Array;
  digest: number;
  executionCount = 0;
  /** A transfer has begun and not ended: the state is neither old nor new. */
  isTorn = false;
  #putBytes = 0;
  /** The last transfer has ended in a whole state. */
  #isPutTaken = false;
  /** Something has been executed since the fresh OPEN: no state is taken any more. */
  #isPutClosed = false;

  constructor(startState: Uint8Array) {
    this.bytes = startState.slice();
    this.digest = crc32(this.bytes);
  }

  /** R29. */
  get isIntact(): boolean {
    return this.isTorn || this.digestNow === this.digest;
  }

  /** Of the state as it is, whoever changed it last. */
  get digestNow(): number {
    return crc32(this.bytes);
  }

  /** What FAILED says of a state that has changed: where it is, if it is one place (R29). */
  get digestDifference(): number {
    return (this.digestNow ^ this.digest) >>> 0;
  }

  /** Takes what an input left. */
  keep(bytes: Uint8Array): void {
    this.bytes = bytes.slice();
    this.digest = crc32(this.bytes);
    this.executionCount += 1;
    this.#isPutClosed = true;
  }

  /** At a fresh OPEN: a state may be transferred, until something is executed. */
  openForPut(): void {
    this.#isPutClosed = false;
  }

  chunk(offset: number, busy: boolean, outputs: BoardOutputs): StateMessage {
    const room = chunkBytes(outputs.acted().length);
    const isGiven = !busy && !this.isTorn && offset <= this.bytes.length;
    const data = isGiven ? this.bytes.slice(offset, offset + room) : new Uint8Array();
    return this.#message(outputs, {
      offset,
      data,
      busy: busy || this.isTorn,
      last: isGiven && offset + data.length === this.bytes.length,
      accepted: false,
    });
  }

  /** Takes a chunk; the answer to the last one, which makes it one, or null when none is due. */
  put(put: StatePutMessage, busy: boolean, outputs: BoardOutputs, taken: () => void): StateMessage | null {
    // R25: a chunk that comes late, or twice, must not throw a board back that has gone on from the state it was given.
    const refused = busy || this.#isPutClosed;
    const answer = { offset: this.#putBytes, data: new Uint8Array(), busy: refused, last: false, accepted: false };
    if (refused) return put.last ? this.#message(outputs, answer) : null;
    const accepted = { ...answer, offset: this.bytes.length, last: true, accepted: true };
    if (put.last && this.#isTakenAlready(put, outputs)) return this.#message(outputs, accepted);
    const fits = this.#putChunk(put);
    if (!put.last) return null;
    answer.offset = this.#putBytes;
    const { length } = put.outputs;
    const isWhole = fits && this.#putBytes === this.bytes.length;
    if (!isWhole || (length !== 0 && length !== outputs.acted().length)) return this.#message(outputs, answer);
    this.isTorn = false;
    this.#isPutTaken = true;
    this.#putBytes = 0;
    this.digest = crc32(this.bytes);
    this.executionCount = put.executionCount;
    outputs.take(put.outputs);
    taken();
    return this.#message(outputs, accepted);
  }

  /** The end of the transfer that was just taken, once more, because its answer was lost. */
  #isTakenAlready(put: StatePutMessage, outputs: BoardOutputs): boolean {
    if (!this.#isPutTaken || put.executionCount !== this.executionCount) return false;
    if (put.offset + put.data.length !== this.bytes.length) return false;
    const levels = outputs.acted();
    const isSame = put.outputs.every((level, output) => level === levels[output]);
    if (!isSame || (put.outputs.length !== 0 && put.outputs.length !== levels.length)) return false;
    return put.data.every((byte, index) => byte === this.bytes[put.offset + index]);
  }

  #putChunk(put: StatePutMessage): boolean {
    if (put.offset + put.data.length > this.bytes.length) return false;
    if (put.offset === 0) {
      this.#putBytes = 0;
      this.isTorn = true;
      this.#isPutTaken = false;
    }
    // A chunk before this one was lost.
    if (!this.isTorn || put.offset > this.#putBytes) return false;
    this.bytes.set(put.data, put.offset);
    this.#putBytes = Math.max(this.#putBytes, put.offset + put.data.length);
    return true;
  }

  #message(
    outputs: BoardOutputs,
    fields: Pick<StateMessage, 'offset' | 'data' | 'busy' | 'last' | 'accepted'>,
  ): StateMessage {
    const { executionCount, digest } = this;
    return { kind: 'state', session: 0, seq: 0, executionCount, digest, outputs: outputs.acted(), ...fields };
  }
}
