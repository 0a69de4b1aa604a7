import type { BenchBoard, BoardName } from '../bench-board.js';
import type { RelayOptions } from '../relay-model.js';
import type { ReceivedRun, RunCheck } from './run-record.js';
import type { Stage } from './stage.js';

/** One run of a scenario: what the bench is made of, what is done to it, and what must then be true. */
export interface RunPlan {
  /** Empty where a scenario has one run. */
  readonly variant: string;
  /** How many of the scenario's inputs this run has; all of them, in equal shares, where it does not say. */
  readonly inputs?: (total: number) => number;
  /** Keys of the configuration file that differ from the bench's own. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly relayConfig?: Readonly<Record<string, unknown>>;
  readonly relay?: RelayOptions;
  readonly client?: { readonly inFlight?: number; readonly paceUs?: number };
  /** Boards of another kind than the emulated Unos. */
  readonly boards?: () => Readonly<Record<BoardName, BenchBoard>>;
  /** Plans the faults; called when everything runs and before the first input. */
  readonly plan?: (stage: Stage) => void;
  /** After the last answer, before the end: what the scenario still does. */
  readonly finish?: (stage: Stage) => Promise<void>;
  /** The failed board's safe level (or its floating pins) may be seen from the fault to the relay's move (R7). */
  readonly safeLevelSeen?: boolean;
  /** Ids in the order of execution, where it is not the order of sending. */
  readonly order?: (stage: Stage) => readonly number[];
  readonly checks: (run: ReceivedRun) => readonly RunCheck[];
}

export interface Scenario {
  readonly name: string;
  readonly promise: string;
  readonly runs: readonly RunPlan[];
}
