/** What one scenario on a real pair came to. */
export interface HardwareReport {
  readonly scenario: string;
  readonly promise: string;
  /** Null: it could not be played here. */
  readonly held: boolean | null;
  /** Why it could not be played; null: it was. */
  readonly skipped: string | null;
  /** Promises that were not kept, in sentences. */
  readonly broken: readonly string[];
  readonly inputs: number;
  readonly answered: number;
  /** From the fault until the gateway declared a board failed; null: nothing was to be noticed. */
  readonly noticedMs: number | null;
  /** Until the relay was proved (or its time over) at the other board; null: it did not move. */
  readonly movedMs: number | null;
  /** Who drives, before and after. */
  readonly drives: string;
  /** Codes of the faults, in order. */
  readonly faults: readonly string[];
}
