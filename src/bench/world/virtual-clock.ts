import type { Clock } from '../../clock/clock.js';

interface Alarm {
  readonly atUs: number;
  readonly order: number;
  readonly ring: () => void;
  cancelled: boolean;
}

/** More alarms than this wait only when somebody sets them without end. */
const mostAlarms = 100_000;

const isBefore = (one: Alarm, other: Alarm) =>
  one.atUs < other.atUs || (one.atUs === other.atUs && one.order < other.order);

/** Time that moves only when it is told to. Alarms ring in order of time, then in the order they were set. */
export class VirtualClock implements Clock {
  #nowUs: number;
  #order = 0;
  readonly #heap: Alarm[] = [];

  constructor(startUs = 0) {
    this.#nowUs = startUs;
  }

  nowUs(): number {
    return this.#nowUs;
  }

  /** When the next alarm is due; Infinity when none is set. May be in the past: such an alarm rings at the next advance. */
  nextAlarmUs(): number {
    while (this.#heap[0]?.cancelled === true) this.#removeFirst();
    return this.#heap[0]?.atUs ?? Number.POSITIVE_INFINITY;
  }

  /** @throws RangeError when alarms are set without end */
  alarm(atUs: number, ring: () => void): () => void {
    if (this.#heap.length >= mostAlarms) throw new RangeError('too many alarms are waiting');
    const alarm: Alarm = { atUs, order: this.#order, ring, cancelled: false };
    this.#order += 1;
    this.#heap.push(alarm);
    this.#rise(this.#heap.length - 1);
    return () => {
      alarm.cancelled = true;
    };
  }

  /** Moves time to `toUs` (never back) and rings nothing: what is due by then rings at the next advance. */
  moveTo(toUs: number): void {
    this.#nowUs = Math.max(this.#nowUs, toUs);
  }

  /** Moves time to `toUs` (never back), ringing every alarm on the way with `nowUs` at its moment. */
  advanceTo(toUs: number): void {
    for (let atUs = this.nextAlarmUs(); atUs <= toUs; atUs = this.nextAlarmUs()) {
      const alarm = this.#removeFirst();
      this.#nowUs = Math.max(this.#nowUs, atUs);
      alarm?.ring();
    }
    this.#nowUs = Math.max(this.#nowUs, toUs);
  }

  #rise(from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfBefore(at, parent)) return;
      at = parent;
    }
  }

  #removeFirst(): Alarm | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return first;
    this.#heap[0] = last;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      const child = this.#isFirstBefore(right, left) ? right : left;
      if (!this.#swapIfBefore(child, at)) return first;
      at = child;
    }
  }

  #isFirstBefore(one: number, other: number): boolean {
    const [left, right] = [this.#heap[one], this.#heap[other]];
    return left !== undefined && right !== undefined && isBefore(left, right);
  }

  #swapIfBefore(lower: number, upper: number): boolean {
    const [low, high] = [this.#heap[lower], this.#heap[upper]];
    if (low === undefined || high === undefined || !isBefore(low, high)) return false;
    this.#heap[lower] = high;
    this.#heap[upper] = low;
    return true;
  }
}
