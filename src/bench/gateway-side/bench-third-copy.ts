import type { Clock } from '../../clock/clock.js';
import type { ThirdCopyConfig } from '../../config/config.js';
import { openThirdCopyOf } from '../../gateway/open-third-copy-of.js';
import type { FrameSession } from '../../link/frame-session.js';
import type { ThirdCopySession } from '../../third-copy/third-copy-session.js';

/**
 * The gateway's third copy on the bench: the real one, in its thread. The bench's time waits until it has answered, so
 * that its answers come at no cost of emulated time, however busy the machine is.
 */
export class BenchThirdCopy {
  #session: ThirdCopySession | null = null;
  #opening = 0;

  constructor(private readonly clock: Clock) {}

  /** It owes no answer. */
  get isAtRest(): boolean {
    return this.#opening === 0 && (this.#session === null || this.#session.isAtRest);
  }

  async open(thirdCopy: ThirdCopyConfig): Promise<FrameSession> {
    this.#opening++;
    try {
      this.#session = await openThirdCopyOf(thirdCopy, this.clock);
      return this.#session;
    } finally {
      this.#opening--;
    }
  }
}
