import type { Schedule } from '../schedule.js';
import type { SimulatedHeldLines } from './held-lines.js';
import type { RelayReport } from './relay-driver.js';

/** A line that does not stand at once, as where its provider was away: until then its board goes on. */
const STANDS_AFTER_US = 12_000;
const SHOWN_AFTER_US = 13_000;

/** RESET in the place of a relay, one for each life of the gateway: says when the other board's line stands (R13). */
export class SimulatedResetFence {
  #commands = 0;
  #closed = false;
  readonly #wanted = new Map<string, boolean>();

  constructor(
    private readonly lines: SimulatedHeldLines,
    private readonly schedule: Schedule,
    private readonly report: (report: RelayReport) => void,
  ) {}

  moveTo(board: string): void {
    const command = ++this.#commands;
    this.schedule.after(SHOWN_AFTER_US, () => {
      if (!this.#closed && command === this.#commands) this.report({ type: 'relayMoved', to: board, proved: true });
    });
  }

  /** A line that is let go is so at once; one that could not be driven before the gateway died is the next one's to drive. */
  reset(board: string, held: boolean): void {
    this.#wanted.set(board, held);
    if (!held) return this.lines.reset(board, false);
    this.schedule.after(STANDS_AFTER_US, () => {
      if (!this.#closed && this.#wanted.get(board) === true) this.lines.reset(board, true);
    });
  }

  contactChanged(): void {
    // There is none.
  }

  close(): void {
    this.#closed = true;
  }
}
