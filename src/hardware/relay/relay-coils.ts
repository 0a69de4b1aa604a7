/** The lines that move a relay, whatever its kind. */
export interface RelayCoils {
  /**
   * Begins to connect a board; what an earlier call began is given up. Takes the lines at its first call.
   * Throws what the lines' plugin throws; nothing that could connect both boards has been done then.
   */
  connect(board: string): void;
  /**
   * Takes the lines with levels that move nothing, for a relay that stays where it is without them. False for a kind that
   * has no such levels; nothing has been done then.
   */
  takeWithoutMoving(): boolean;
  /** From a command to the last change of a line. */
  readonly sequenceUs: number;
  /** A feedback line cannot prove a move sooner than so long after the command. */
  readonly earliestProofUs: number;
  /** Every line has got its last command, and shows it where it can be read. */
  readonly isObeyed: boolean;
  /** Gives up what is under way, levels stay; but no coil of a latching relay stays on (R27). */
  close(): void;
}
