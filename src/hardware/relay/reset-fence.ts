import { type Observable, ReplaySubject } from 'rxjs';
import type { Clock } from '../../clock/clock.js';
import type { RelayDriver, RelayReport } from './relay-driver.js';

/** What is known of a line that was to be driven. */
export interface LineState {
  /** It stands as it was told, as far as can be known. */
  readonly stands: boolean;
  /** The pin itself shows it. */
  readonly proved: boolean;
}

export interface ResetFenceOptions {
  readonly boards: readonly [string, string];
  /** The board of the lease. */
  readonly first: string;
  /** Holds a board in RESET; a line that does not follow is written again and again by whoever drives it. */
  readonly hold: (board: string) => void;
  readonly look: (board: string) => LineState;
  readonly clock: Clock;
}

const LOOK_EVERY_US = 20_000;
/** A line that does not stand by then is told as one that does not follow; it is looked at all the same. */
const LOOKS = 20;

/**
 * RESET in the place of a relay (R13): to give the actuator to one board is to hold the other in RESET. It reports as a relay
 * does, so that a takeover waits for it, and stops where the line does not follow.
 */
export class ResetFence implements RelayDriver {
  readonly #reports = new ReplaySubject<RelayReport>(1);
  readonly reports: Observable<RelayReport> = this.#reports.asObservable();
  readonly retries = 0;
  operations = 0;
  #commanded: string;
  #cancelLook: () => void = () => undefined;

  constructor(private readonly options: ResetFenceOptions) {
    this.#commanded = options.first;
  }

  get commanded(): string {
    return this.#commanded;
  }

  get proved(): boolean {
    return this.options.look(this.#otherThan(this.#commanded)).proved;
  }

  moveTo(board: string): void {
    if (board !== this.#commanded) this.operations++;
    this.#commanded = board;
    this.#cancelLook();
    this.options.hold(this.#otherThan(board));
    this.#look(board, LOOKS);
  }

  close(): void {
    this.#cancelLook();
    this.#reports.complete();
  }

  #look(to: string, looksLeft: number): void {
    const { look, clock } = this.options;
    const { stands, proved } = look(this.#otherThan(to));
    if (stands) {
      this.#reports.next({ type: 'relayMoved', to, proved });
      return;
    }
    if (looksLeft === 0) this.#reports.next({ type: 'relayStuck', to });
    this.#cancelLook = clock.alarm(clock.nowUs() + LOOK_EVERY_US, () => this.#look(to, looksLeft - 1));
  }

  #otherThan(board: string): string {
    const [first, second] = this.options.boards;
    return board === first ? second : first;
  }
}
