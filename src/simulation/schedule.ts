import type { Clock } from '../clock/clock.js';

interface Entry {
  readonly atUs: number;
  readonly order: number;
  readonly run: () => void;
}

/**
 * Virtual time in microseconds: what is due runs one at a time, by time and then in the order in which it was asked for.
 * There is no other clock in a simulation.
 */
export class Schedule {
  nowUs = 0;
  /** How many entries have run: a measure of the work done. */
  ran = 0;
  #order = 0;
  readonly #heap: Entry[] = [];

  at(atUs: number, run: () => void): void {
    const entry = { atUs: Math.max(atUs, this.nowUs), order: this.#order++, run };
    const heap = this.#heap;
    let index = heap.length;
    heap.push(entry);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || isBefore(above, entry)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
  }

  after(delayUs: number, run: () => void): void {
    this.at(this.nowUs + delayUs, run);
  }

  /** When the next entry is due; Infinity without one. */
  get nextUs(): number {
    return this.#heap[0]?.atUs ?? Number.POSITIVE_INFINITY;
  }

  /** Runs one entry; false when nothing is due up to `untilUs`, where time then stands. */
  runOne(untilUs: number): boolean {
    const next = this.#heap[0];
    if (next === undefined || next.atUs > untilUs) {
      this.nowUs = Math.max(this.nowUs, untilUs);
      return false;
    }
    this.#removeFirst();
    this.nowUs = next.atUs;
    this.ran++;
    next.run();
    return true;
  }

  /** Runs everything that is due up to `untilUs`, where time then stands. */
  runUntil(untilUs: number): void {
    while (this.runOne(untilUs));
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      let least = heap[child];
      if (least === undefined) break;
      const right = heap[child + 1];
      if (right !== undefined && isBefore(right, least)) {
        least = right;
        child++;
      }
      if (isBefore(last, least)) break;
      heap[index] = least;
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.atUs < other.atUs || (one.atUs === other.atUs && one.order < other.order);
}

/** The same time, for parts that want a clock. */
export function clockOf(schedule: Schedule): Clock {
  return {
    nowUs: () => schedule.nowUs,
    alarm(atUs, ring) {
      let isCancelled = false;
      schedule.at(atUs, () => {
        if (!isCancelled) ring();
      });
      return () => {
        isCancelled = true;
      };
    },
  };
}
