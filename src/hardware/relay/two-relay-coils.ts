import type { Clock } from '../../clock/clock.js';
import type { OutputLine } from '../lines/output-line.js';
import { notOfThePair, obeys, setAll } from './level-coils.js';
import type { RelayCoils } from './relay-coils.js';

export interface TwoRelayTimes {
  /** Both are open for so long between one and the other: no less than the release time with its protective diode. */
  readonly gapUs: number;
  readonly operateUs: number;
}

/**
 * One relay for each board. Break before make: a board's relays close only after the other's were told to open, the lines
 * show it, and the gap has passed; at a start too, when a gateway before us may have left the other's closed.
 */
export class TwoRelayCoils implements RelayCoils {
  readonly sequenceUs: number;
  readonly earliestProofUs: number;
  #cancelGap: (() => void) | null = null;
  /** The relays of the wanted board could not be closed after the gap. */
  #hasFailed = false;
  #wanted: string | null = null;
  /** Since when the relays of a board are open, or about to. */
  readonly #openSinceUs = new Map<string, number>();

  constructor(
    private readonly coils: ReadonlyMap<string, readonly OutputLine[]>,
    private readonly times: TwoRelayTimes,
    private readonly clock: Clock,
  ) {
    this.sequenceUs = times.gapUs;
    // A feedback line shows that the other's relay has opened long before this one's closes.
    this.earliestProofUs = times.gapUs + times.operateUs;
  }

  connect(board: string): void {
    const own = this.coils.get(board);
    if (own === undefined) throw notOfThePair(board);
    this.#cancelGap?.();
    this.#cancelGap = null;
    this.#hasFailed = false;
    this.#wanted = board;
    this.#openSinceUs.delete(board);
    for (const [other, coils] of this.coils) if (other !== board) this.#open(other, coils);
    this.#closeWhenOpen(board, own);
  }

  takeWithoutMoving(): boolean {
    return false;
  }

  get isObeyed(): boolean {
    if (this.#hasFailed || this.#cancelGap !== null || this.#wanted === null) return false;
    return [...this.coils.values()].every((coils) => coils.every(obeys));
  }

  close(): void {
    this.#cancelGap?.();
  }

  #open(board: string, coils: readonly OutputLine[]): void {
    try {
      setAll(coils, false);
    } finally {
      // Perhaps still closed: a command that was lost with its provider opens nothing. The gap counts from one that arrived.
      if (!coils.every(obeys)) this.#openSinceUs.delete(board);
      else if (!this.#openSinceUs.has(board)) this.#openSinceUs.set(board, this.clock.nowUs());
    }
  }

  #closeWhenOpen(board: string, own: readonly OutputLine[]): void {
    const others = [...this.coils.keys()].filter((other) => other !== board);
    const sinceUs = Math.max(...others.map((other) => this.#openSinceUs.get(other) ?? Number.POSITIVE_INFINITY));
    if (sinceUs === Number.POSITIVE_INFINITY) {
      this.#hasFailed = true;
      return;
    }
    const atUs = sinceUs + this.times.gapUs;
    if (atUs <= this.clock.nowUs()) return this.#close(board, own);
    this.#cancelGap = this.clock.alarm(atUs, () => {
      this.#cancelGap = null;
      try {
        this.#close(board, own);
      } catch {
        // `isObeyed` says so: the driver commands again, and calls the relay stuck in the end.
        this.#hasFailed = true;
      }
    });
  }

  #close(board: string, own: readonly OutputLine[]): void {
    for (const [other, coils] of this.coils) {
      // A line that is held on from outside, or whose plugin is gone: closing would connect both boards.
      if (other !== board && !coils.every(obeys)) {
        this.#hasFailed = true;
        return;
      }
    }
    setAll(own, true);
  }
}
