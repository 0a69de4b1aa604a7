import type { ToBoard } from '../../pair/result/messages.js';
import { inputCrc } from '../../protocol/result-hash.js';

const KEPT_INPUTS = 64;

/** What was last sent under each seq, so that a board that answers another input is found out (R15). */
export class InputMemory {
  readonly #crcs = new Map<number, number>();

  remember(input: Extract<ToBoard, { kind: 'input' }>): void {
    // A recall asks for a kept result whatever its input was: it says nothing about the input.
    if (input.recall) return;
    this.#crcs.delete(input.seq);
    this.#crcs.set(input.seq, inputCrc(input));
    if (this.#crcs.size <= KEPT_INPUTS) return;
    for (const oldest of this.#crcs.keys()) {
      this.#crcs.delete(oldest);
      break;
    }
  }

  /** False only when another input is known to have been sent under this seq: what is not known is not evidence. */
  matches(seq: number, crc: number): boolean {
    const sent = this.#crcs.get(seq);
    return sent === undefined || sent === crc;
  }
}
