/** What one scenario came to, judged at the actuator and at the answers upstream. `copycat bench --json` prints these. */
export interface BenchReport {
  readonly scenario: string;
  /** What must be true, in a sentence. */
  readonly promise: string;
  readonly held: boolean;
  readonly inputs: number;
  readonly completed: number;
  readonly lost: number;
  /** Quarantined inputs that a person had dropped: their client has been told, and waits no longer. */
  readonly dropped: number;
  readonly duplicated: number;
  /** Inputs for which the actuator got another level than the reference gives, or got it late, or not at all. */
  readonly wrongAtActuator: number;
  /** From the fault put in until the board was declared failed, emulated time; null where no board failed. */
  readonly detectionMs: number | null;
  /** From then until the other board drove the actuator. */
  readonly takeoverMs: number | null;
  /** How long no board drove the actuator. */
  readonly actuatorGapMs: number | null;
  /** The code of the fault that mattered; null where there was none. */
  readonly reason: string | null;
  /** The board that drove the actuator at the end. */
  readonly primaryAfter: string | null;
  readonly protectionAfter: 'protected' | 'not protected';
  /** The faults in the ledgers, of every run. */
  readonly faults: readonly { readonly id: number; readonly code: string; readonly board: string | null }[];
  /** Path of the ledger that is kept: of the last run, where a scenario has several. */
  readonly ledger: string;
  readonly ledgers: readonly string[];
  /** The boards that drove the actuator, in turn. */
  readonly drives: readonly string[];
  /** Why it was not held: what was promised and what was seen instead. */
  readonly failures: readonly string[];
  /** Wall time by which the emulators ran behind; 0 at the virtual pace. */
  readonly slippedMs: number;
  /** Emulated time that its runs took, from the start of their gateways. */
  readonly emulatedMs: number;
}
