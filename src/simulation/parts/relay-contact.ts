import type { Schedule } from '../schedule.js';
import type { SeededChoices } from '../seeded-choices.js';

const BOUNCE_US = 400;

export interface ContactOptions {
  readonly operateUs: number;
  /** What it connects without power; null: nothing. */
  readonly atRest: string | null;
  /** Stays where it was put without power. */
  readonly latching: boolean;
}

/** A change-over contact: follows its coil after a while, bounces, and may stick. It outlives the gateway. */
export class RelayContact {
  /** The board it connects; null while it is on its way (or bounces). */
  at: string | null;
  stuck = false;
  slowerUs = 0;
  /** Told after every change. */
  onChange: () => void = () => undefined;
  #commanded: string | null;
  #moves = 0;

  constructor(
    readonly options: ContactOptions,
    first: string,
    private readonly schedule: Schedule,
    private readonly random: SeededChoices,
  ) {
    this.at = first;
    this.#commanded = first;
  }

  command(board: string): void {
    if (board === this.#commanded && (this.at === board || this.stuck)) return;
    const isUnderWay = board === this.#commanded && this.at === null;
    this.#commanded = board;
    if (!isUnderWay && !this.stuck) this.#move(board);
  }

  /** There is no relay: whose pins count is settled elsewhere, and at once. */
  showAt(board: string): void {
    this.#commanded = board;
    if (this.at !== board) this.#stand(board);
  }

  release(): void {
    if (!this.stuck) return;
    this.stuck = false;
    if (this.#commanded !== null && this.#commanded !== this.at) this.#move(this.#commanded);
  }

  /** The coil loses its supply. */
  losePower(): void {
    if (this.options.latching) return;
    this.#commanded = this.options.atRest;
    if (this.stuck || this.at === this.options.atRest) return;
    this.#move(this.options.atRest);
  }

  #move(to: string | null): void {
    const move = ++this.#moves;
    this.#stand(null);
    const at = (delayUs: number, board: string | null): void => {
      this.schedule.after(delayUs, () => {
        if (move === this.#moves) this.#stand(board);
      });
    };
    const operateUs = this.random.vary(this.options.operateUs) + this.slowerUs;
    at(operateUs, to);
    if (to === null) return;
    at(operateUs + BOUNCE_US, null);
    at(operateUs + 2 * BOUNCE_US, to);
  }

  #stand(board: string | null): void {
    this.at = board;
    this.onChange();
  }
}
