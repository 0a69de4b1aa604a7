import type { Clock } from '../../clock/clock.js';

/** An Uno is in its bootloader for 1.1 s; less than the 3 s after which a board that was never heard counts as unresponsive. */
const SETTLE_US = 1_500_000;

/**
 * Opens boards whose opening resets them one after another: the next one only when the last has answered, has gone, or had
 * its time. So that never both are in their bootloaders at once.
 */
export class OpeningTurns {
  #settling: { readonly board: string; readonly ended: Promise<void>; readonly end: () => void } | null = null;

  constructor(private readonly clock: Clock) {}

  /** Resolves when no other board is settling, and the turn is this one's until `settled`; in bounded time. */
  async take(board: string): Promise<void> {
    while (this.#settling !== null && this.#settling.board !== board) await this.#settling.ended;
    // At once: two boards that ask together would both find nobody settling.
    this.begin(board);
  }

  /** Its port is opened now: its time counts from here. */
  begin(board: string): void {
    this.settled(board);
    let resolve: () => void = () => undefined;
    const ended = new Promise<void>((done) => {
      resolve = done;
    });
    const cancel = this.clock.alarm(this.clock.nowUs() + SETTLE_US, () => this.settled(board));
    const end = (): void => {
      cancel();
      resolve();
    };
    this.#settling = { board, ended, end };
  }

  /** It has answered, or its port did not open, or is closed again. */
  settled(board: string): void {
    if (this.#settling?.board !== board) return;
    this.#settling.end();
    this.#settling = null;
  }
}
