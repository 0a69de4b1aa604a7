import { Observable } from 'rxjs';
import type { Clock } from '../../clock/clock.js';
import type { BoardConfig, ThirdCopyConfig } from '../../config/config.js';
import { openThirdCopyOf } from '../../gateway/ports/third-copy-port.js';
import type { FrameSession } from '../../link/frame-session.js';
import type { ThirdCopySession } from '../../third-copy/third-copy-session.js';

/**
 * The gateway's third copy on the bench: the real one, in its thread. The bench's time waits until it has answered, so
 * that its answers cost no emulated time however busy the machine is, or exactly `delayUs`: a host that is too slow.
 */
export class BenchThirdCopy {
  /** How long each answer takes, in emulated microseconds. */
  delayUs = 0;
  #session: ThirdCopySession | null = null;
  #opening = 0;

  constructor(private readonly clock: Clock) {}

  /** It owes no answer. */
  get isAtRest(): boolean {
    return this.#opening === 0 && (this.#session === null || this.#session.isAtRest);
  }

  async open(thirdCopy: ThirdCopyConfig, board: BoardConfig): Promise<FrameSession> {
    this.#opening++;
    try {
      const session = await openThirdCopyOf(thirdCopy, this.clock, board);
      this.#session = session;
      return delayed(session, this.clock, () => this.delayUs);
    } finally {
      this.#opening--;
    }
  }
}

/** The same session, whose frames come later, in their order. */
function delayed(session: ThirdCopySession, clock: Clock, delayUs: () => number): FrameSession {
  const frames = new Observable<Uint8Array>((subscriber) => {
    let lastUs = 0;
    return session.frames.subscribe((frame) => {
      const nowUs = clock.nowUs();
      lastUs = Math.max(lastUs, nowUs + delayUs());
      if (lastUs <= nowUs) return subscriber.next(frame);
      // Where the session has ended by then, nobody listens any more.
      clock.alarm(lastUs, () => subscriber.next(frame));
    });
  });
  return {
    frames,
    closed: session.closed,
    write: (bytes) => session.write(bytes),
    close: () => session.close(),
    get counters() {
      return session.counters;
    },
  };
}
