import type { Seq } from '../../pair/result/messages.js';

/** Inputs followed at a time; beyond it the oldest keeps the copy that was made when its fault was opened. */
const FOLLOWED_LIMIT = 256;

/** Unfinished inputs that a fault speaks of: copied beside the fault when it opens, and again with their result at the end. */
export class FaultInputs {
  readonly #followed = new Set<Seq>();

  concerns(seq: Seq): void {
    this.#followed.add(seq);
    if (this.#followed.size <= FOLLOWED_LIMIT) return;
    for (const oldest of this.#followed) {
      this.#followed.delete(oldest);
      return;
    }
  }

  /** True when it was followed: it is about to be folded, or, a probe, dropped. */
  leaves(seq: Seq): boolean {
    return this.#followed.delete(seq);
  }
}
