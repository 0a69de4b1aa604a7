import type { BoardName } from '../bench-board.js';

/** What the actuator got from `atUs` on. */
export interface ActuatorChange {
  /** Emulated time, exact to the instruction that made it. */
  readonly atUs: number;
  /** The board that drives; null while the contact is open. */
  readonly board: BoardName | null;
  /** 0 to 255; 0 while nobody drives. */
  readonly duty: number;
  /** The board's over-temperature line. */
  readonly trip: boolean;
  /** 0 to 255 for each pin beyond those two, where the actuator has more. */
  readonly others?: readonly number[];
}

/** More changes than this are not kept; the run is then too long for its record, and `dropped` says so. */
const mostChanges = 1_000_000;

/** What the actuator saw, in order: the record by which promises are judged. */
export class Recorder {
  dropped = 0;
  readonly #changes: ActuatorChange[] = [];

  get changes(): readonly ActuatorChange[] {
    return this.#changes;
  }

  add(change: ActuatorChange): void {
    if (this.#changes.length >= mostChanges) this.dropped += 1;
    else this.#changes.push(change);
  }

  /** What held at `atUs`; undefined before the first change. */
  at(atUs: number): ActuatorChange | undefined {
    let low = 0;
    let high = this.#changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#changes[middle]?.atUs ?? Number.POSITIVE_INFINITY) <= atUs) low = middle + 1;
      else high = middle;
    }
    return this.#changes[low - 1];
  }

  /** The changes after `fromUs` up to and with `toUs`. */
  between(fromUs: number, toUs: number): ActuatorChange[] {
    return this.#changes.filter(({ atUs }) => atUs > fromUs && atUs <= toUs);
  }
}
