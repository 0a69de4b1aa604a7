import type { CPU } from 'avr8js';

/** A turn of a loop is at most so many instructions, or the loop is not looked for. */
const mostInstructions = 4096;
/** How many cycles a place is watched at first; each place that does not come back is followed by one watched twice as long. */
const firstWatchCycles = 512;
const longestWatchCycles = 8192;

/**
 * Finds the loop in which a program waits without sleep, as most sketches do, so that its turns need not be executed one by one. A
 * loop is known when the program is a second time at one place with all its data (registers, I/O and RAM) as before, and nothing
 * came between that is more than data: no peripheral's register was touched, no event came due, no interrupt was served. Then
 * every further turn does the same, until something comes from outside; so leaving turns out changes nothing, to the cycle.
 *
 * The place is chosen as Brent's algorithm chooses it (R. P. Brent, An improved Monte Carlo factorization algorithm, BIT 20, 1980):
 * a place that is met several times in a turn, as in a loop within, is compared with the first, second, fourth, … meeting.
 */
export class IdleLoop {
  /** Whenever more than data was touched. */
  #touches = 0;
  /** Whenever the watchdog was fed, which is allowed within a turn. */
  #feeds = 0;
  readonly #cpu: CPU;
  readonly #before: Uint8Array;
  /** The word address that is watched; none yet: -1. */
  #place = -1;
  #sinceCycle = 0;
  #sinceTouches = 0;
  #sinceFeeds = 0;
  #watchCycles = firstWatchCycles;
  #meetings = 0;
  #comparedMeetings = 1;
  /** Cycles from the place to the end of each instruction of the turn. */
  readonly #ends = new Uint16Array(mostInstructions);
  #instructions = 0;

  /** @param cpu with the hooks of all its peripherals */
  constructor(cpu: CPU) {
    this.#cpu = cpu;
    this.#before = new Uint8Array(cpu.data.length);
    const { onWatchdogReset } = cpu;
    cpu.onWatchdogReset = () => {
      this.#feeds += 1;
      onWatchdogReset();
    };
    this.#countTouches(cpu);
  }

  /** Cycles of one turn of the loop that was found. */
  get turnCycles(): number {
    return this.#ends[this.#instructions - 1] ?? 0;
  }

  /** A turn of the loop that was found feeds the watchdog. */
  get feedsWatchdog(): boolean {
    return this.#feeds !== this.#sinceFeeds;
  }

  /** Something has happened that no turn does by itself. */
  forget(): void {
    this.#place = -1;
    this.#watchCycles = firstWatchCycles;
  }

  /** To be told after every instruction: true when a turn has just ended. */
  hasTurned(): boolean {
    const cpu = this.#cpu;
    if (this.#place === -1) {
      this.#watch(1);
      return false;
    }
    const cycles = cpu.cycles - this.#sinceCycle;
    if (cycles > this.#watchCycles || this.#instructions === mostInstructions || this.#touches !== this.#sinceTouches) {
      this.#watchCycles = Math.min(2 * this.#watchCycles, longestWatchCycles);
      this.#watch(1);
      return false;
    }
    this.#ends[this.#instructions] = cycles;
    this.#instructions += 1;
    if (cpu.pc !== this.#place) return false;
    if (Buffer.compare(cpu.data, this.#before) === 0) return true;
    this.#meetings += 1;
    if (this.#meetings === this.#comparedMeetings) this.#watch(2 * this.#comparedMeetings);
    return false;
  }

  /** Cycles, from the start of the turn, of the first end of an instruction that is at or after `cycles`. */
  endAfter(cycles: number): number {
    if (cycles === 0) return 0;
    let low = 0;
    let high = this.#instructions - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ends[middle] ?? 0) < cycles) low = middle + 1;
      else high = middle;
    }
    return this.#ends[low] ?? 0;
  }

  /** What a peripheral does when its registers are touched is more than data. */
  #countTouches({ readHooks, writeHooks }: CPU): void {
    for (const [address, hook] of Object.entries(readHooks)) {
      readHooks[Number(address)] = (at) => {
        this.#touches += 1;
        return hook(at);
      };
    }
    for (const [address, hook] of Object.entries(writeHooks)) {
      writeHooks[Number(address)] = (value, old, at, mask) => {
        this.#touches += 1;
        return hook(value, old, at, mask);
      };
    }
  }

  #watch(comparedMeetings: number): void {
    const cpu = this.#cpu;
    this.#place = cpu.pc;
    this.#before.set(cpu.data);
    this.#sinceCycle = cpu.cycles;
    this.#sinceTouches = this.#touches;
    this.#sinceFeeds = this.#feeds;
    this.#meetings = 0;
    this.#comparedMeetings = comparedMeetings;
    this.#instructions = 0;
  }
}
