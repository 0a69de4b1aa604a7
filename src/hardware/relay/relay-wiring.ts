import { internalError } from '../../errors/copycat-error.js';

/** How the relay is built and wired. */
export interface RelayWiring {
  readonly boards: readonly [string, string];
  /**
   * What the contact connects without current in the coil. Null: nobody, because something outside this line (a series
   * relay on the gateway's own supply) opens then; while there is supply, the de-energised contact connects the first board.
   */
  readonly atRest: string | null;
  /**
   * `changeover` and `mux` follow the level of `pins`. `two-relays`: one of `pinsOf` for each board, never both closed.
   * `latching`: stays where a pulse on one of `pinsOf` drove it; with `pins` instead, the levels of a changeover relay.
   */
  readonly kind: 'changeover' | 'two-relays' | 'latching' | 'mux';
  /** Lines that move together, one for each channel. */
  readonly pins: readonly string[];
  /** The lines that connect each board. */
  readonly pinsOf: Readonly<Record<string, readonly string[]>>;
  /** True for modules whose coil is on while the line is low. */
  readonly activeLow: boolean;
  /** Lines that read the contact, one for each channel or one for all; none: a move cannot be proved. */
  readonly feedbacks: readonly string[];
  readonly feedbackActiveLow: boolean;
  readonly feedbackPull: 'none' | 'up' | 'down';
  /** two-relays: both are open for so long. */
  readonly gapUs: number;
  /** latching: length of the pulse. */
  readonly pulseUs: number;
  /** From the command until the contact moves. */
  readonly operateUs: number;
}

/** The board that the contact connects while the coil is off, or while a feedback line is off. */
export function restBoard(wiring: RelayWiring): string {
  const { atRest, boards } = wiring;
  // No coil is on for long: a feedback line is on at the second board.
  if (atRest === null || isDrivenForEach(wiring)) return boards[0];
  if (!boards.includes(atRest)) throw internalError(`the relay's rest position is no board of the pair`, atRest);
  return atRest;
}

/** The board that the contact connects while the coil is on: the auxiliary contact of the feedback line is closed (on). */
export function energisedBoard(wiring: RelayWiring): string {
  const [first, second] = wiring.boards;
  return restBoard(wiring) === first ? second : first;
}

/** Whether each board has lines of its own. */
export function isDrivenForEach({ kind, pinsOf }: RelayWiring): boolean {
  return kind === 'two-relays' || (kind === 'latching' && Object.keys(pinsOf).length > 0);
}
