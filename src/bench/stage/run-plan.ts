import type { BenchReport } from '../bench-report.js';
import type { ProgramChange } from '../judge/expected-run.js';
import type { LinkModelName } from '../link-models/link-parameters.js';
import type { PaceName } from '../world/pace.js';
import type { HeaterImage } from './heater-image.js';
import type { ReceivedRun, RunCheck } from './run-record.js';
import type { Stage } from './stage.js';
import type { StageSetup } from './stage-setup.js';

/** One run of a scenario: what the bench is made of, what is done to it, and what must then be true. */
export interface RunPlan extends StageSetup {
  /** Empty where a scenario has one run. */
  readonly variant: string;
  /** How many of the scenario's inputs this run has; all of them, in equal shares, where it does not say. */
  readonly inputs?: (total: number) => number;
  /** Inputs that end without an answer, as a person has decided; none when not given. */
  readonly gaveUp?: number;
  /** Plans the faults; called before the first input, when the pair is protected (`startsCold`: before the gateway runs). */
  readonly plan?: (stage: Stage) => void;
  /** Ids in the order of execution, where it is not the order of sending; null: both boards began anew there. */
  readonly order?: (stage: Stage) => readonly (number | null)[];
  /** What the primary read from A0 for each execution, in that order, where inputs make it read. */
  readonly readings?: (stage: Stage) => readonly (number | undefined)[];
  /** Where another program drives from some input on; null: it never came to that. */
  readonly programChange?: (stage: Stage) => ProgramChange | null;
  readonly checks: (run: ReceivedRun) => readonly RunCheck[];
}

/** How a scenario with boards of another kind than the heater is played. */
export interface PlayOptions {
  readonly folder: string;
  readonly seed: number;
  readonly inputs: number;
  readonly link: LinkModelName;
  readonly pace?: PaceName;
}

export interface Scenario {
  readonly name: string;
  /** Not part of the standard tour: it runs when it is named. */
  readonly onlyNamed?: boolean;
  readonly promise: string;
  /** Images that it flashes, besides those its runs begin with. */
  readonly images?: readonly HeaterImage[];
  readonly runs: readonly RunPlan[];
  /** Plays it instead of `runs`: boards with firmware of their own, on an ATmega328P. */
  readonly play?: (options: PlayOptions) => Promise<BenchReport>;
}
