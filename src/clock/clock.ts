/** Time is injected everywhere: the gateway never asks the machine for it. Microseconds, monotonic, from an arbitrary zero. */
export interface Clock {
  /** Now, in microseconds; never goes backwards. */
  nowUs(): number;
  /** Calls `ring` once when `atUs` has come (at once if it has passed). Returns a function that cancels. */
  alarm(atUs: number, ring: () => void): () => void;
}

/** The machine's own monotonic clock. */
export class WallClock implements Clock {
  nowUs(): number {
    return Number(process.hrtime.bigint() / 1000n);
  }

  alarm(atUs: number, ring: () => void): () => void {
    const timer = setTimeout(ring, Math.max(0, Math.ceil((atUs - this.nowUs()) / 1000)));
    return () => clearTimeout(timer);
  }
}
