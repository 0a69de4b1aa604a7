import { internalError } from '../errors/copycat-error.js';

/** How the relay is wired. */
export interface RelayWiring {
  readonly boards: readonly [string, string];
  /**
   * What the contact connects without current in the coil. Null: nobody, because something outside this line (a series
   * relay on the gateway's own supply) opens then; while there is supply, the de-energised contact connects the first board.
   */
  readonly atRest: string | null;
  /** `latching`: stays where it was driven last; the levels are those of a changeover relay. */
  readonly kind: 'changeover' | 'latching';
  /** True for modules whose coil is on while the line is low. */
  readonly activeLow: boolean;
}

/** The board that the contact connects while the coil is off. */
export function restBoard(wiring: RelayWiring): string {
  const { atRest, boards } = wiring;
  if (atRest === null) return boards[0];
  if (!boards.includes(atRest)) throw internalError(`the relay's rest position is no board of the pair`, atRest);
  return atRest;
}

/** The board that the contact connects while the coil is on: the auxiliary contact of the feedback line is closed (high). */
export function energisedBoard(wiring: RelayWiring): string {
  const [first, second] = wiring.boards;
  return restBoard(wiring) === first ? second : first;
}
