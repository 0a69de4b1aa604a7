import type { Clock } from '../../src/clock/clock.js';

/** A clock that stands still until it is told to go on. */
export class ManualClock implements Clock {
  #nowUs = 0;
  #alarms: { atUs: number; ring: () => void }[] = [];

  nowUs(): number {
    return this.#nowUs;
  }

  alarm(atUs: number, ring: () => void): () => void {
    const alarm = { atUs, ring };
    this.#alarms.push(alarm);
    return () => {
      this.#alarms = this.#alarms.filter((one) => one !== alarm);
    };
  }

  get alarms(): number {
    return this.#alarms.length;
  }

  /** Rings everything that is due on the way, in order. */
  advance(byUs: number): void {
    const untilUs = this.#nowUs + byUs;
    for (;;) {
      const due = this.#alarms.filter((one) => one.atUs <= untilUs).sort((one, other) => one.atUs - other.atUs)[0];
      if (due === undefined) break;
      this.#alarms = this.#alarms.filter((one) => one !== due);
      this.#nowUs = Math.max(this.#nowUs, due.atUs);
      due.ring();
    }
    this.#nowUs = untilUs;
  }

  /** Lets time pass without ringing, as when the process stood still; then rings what is late. */
  stall(byUs: number): void {
    this.#nowUs += byUs;
    this.advance(0);
  }
}
