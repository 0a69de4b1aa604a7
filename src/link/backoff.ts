export interface RetryTimes {
  /** Wait before the first retry, in microseconds. */
  readonly firstUs: number;
  /** Longest wait; each retry doubles it up to here, and there is no last retry. */
  readonly maxUs: number;
}

/** How long to wait before trying again. */
export class Backoff {
  #nextUs: number;

  constructor(private readonly times: RetryTimes) {
    this.#nextUs = times.firstUs;
  }

  nextUs(): number {
    const waitUs = this.#nextUs;
    this.#nextUs = Math.min(waitUs * 2, this.times.maxUs);
    return waitUs;
  }

  /** There was a sign of life: begin small again. */
  reset(): void {
    this.#nextUs = this.times.firstUs;
  }
}
