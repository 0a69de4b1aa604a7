/** What one scenario came to, judged at the actuator and at the answers upstream. `copycat bench --json` prints these. */
export interface BenchReport {
  readonly scenario: string;
  /** What must be true, in a sentence. */
  readonly promise: string;
  readonly held: boolean;
  readonly inputs: number;
  readonly completed: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly wrongAtActuator: number;
  /** From the fault put in to the evidence; null where no board failed. */
  readonly detectionMs: number | null;
  /** From the evidence to the relay commanded. */
  readonly takeoverMs: number | null;
  /** How long no board drove the actuator. */
  readonly actuatorGapMs: number | null;
  /** Why it was not held: what was seen instead; null when it was held. */
  readonly reason: string | null;
  readonly primaryAfter: string;
  readonly protectionAfter: boolean;
  /** Numbers of the faults in the ledger. */
  readonly faults: readonly number[];
  /** Path of the ledger that is kept. */
  readonly ledger: string;
  /** The boards that drove the actuator, in turn. */
  readonly drives: readonly string[];
}

/** What `copycat bench` asks for. */
export interface BenchOptions {
  /** Names of scenarios; empty: the standard tour, all of them. */
  readonly scenarios: readonly string[];
  /** Inputs for each scenario; null: as many as the scenario takes by itself. */
  readonly inputs: number | null;
  readonly seed: number;
  /** Name of a link model; null: the scenario's own. */
  readonly link: string | null;
  /** Where ledgers (and with --keep recordings) go. */
  readonly folder: string;
  /** Called as each scenario begins and ends, so that somebody who watches sees it move. */
  readonly onStart: (scenario: string, index: number, count: number) => void;
  readonly onReport: (report: BenchReport) => void;
}
