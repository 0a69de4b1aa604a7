/** The peripherals that wait for a moment; each waits for one at most. */
export enum EventSlot {
  UsartReceive,
  UsartTransmit,
  Timer0,
  Timer1,
  Timer2,
  Watchdog,
  Adc,
  Eeprom,
  Twi,
  Timer3,
  Timer4,
  Timer5,
}

/** Without the timers that only larger chips have. */
const commonSlots = 9;
const allSlots = 12;

/** When each peripheral next has something to do, in CPU cycles. A handful of slots beats a heap: nothing is allocated. */
export class CycleEvents {
  /** The earliest moment in any slot; Infinity when nobody waits. */
  nextCycle = Number.POSITIVE_INFINITY;
  readonly #atCycle: Float64Array;
  readonly #handlers: ((cycle: number) => void)[] = [];

  /** @param timers how many timers the chip has */
  constructor(timers: number) {
    this.#atCycle = new Float64Array(timers > 3 ? allSlots : commonSlots).fill(Number.POSITIVE_INFINITY);
  }

  handle(slot: EventSlot, handler: (cycle: number) => void): void {
    this.#handlers[slot] = handler;
  }

  set(slot: EventSlot, cycle: number): void {
    this.#atCycle[slot] = cycle;
    this.#findNext();
  }

  clear(slot: EventSlot): void {
    this.set(slot, Number.POSITIVE_INFINITY);
  }

  /** What it waits for comes so many cycles later; nothing, where it waits for nothing. */
  postpone(slot: EventSlot, cycles: number): void {
    this.set(slot, (this.#atCycle[slot] ?? Number.POSITIVE_INFINITY) + cycles);
  }

  /** Calls, in order of time, every handler whose moment is not after `cycle`; each is told its own exact moment. */
  run(cycle: number): void {
    while (this.nextCycle <= cycle) {
      const due = this.nextCycle;
      const slot = this.#atCycle.indexOf(due);
      this.#atCycle[slot] = Number.POSITIVE_INFINITY;
      this.#findNext();
      this.#handlers[slot]?.(due);
    }
  }

  #findNext(): void {
    let next = Number.POSITIVE_INFINITY;
    for (let slot = 0; slot < this.#atCycle.length; slot += 1) {
      const at = this.#atCycle[slot] ?? next;
      if (at < next) next = at;
    }
    this.nextCycle = next;
  }
}
