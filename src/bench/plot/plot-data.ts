import type { RunTrace } from './run-trace.js';

/** All that a page shows of a bench. Data alone: it stands in the page as JSON. */
export interface PlotData {
  /** `heater.hex on the bench` */
  readonly title: string;
  /** Label and value, in the order in which they are shown: seed, image, version … */
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** `26 of 26 held, judged at the oven, not by the gateway` */
  readonly summary: string;
  /** Of the table: the scenario, whether it held, and what `cells` are. */
  readonly columns: readonly string[];
  readonly scenarios: readonly PlottedScenario[];
}

export interface PlottedScenario {
  readonly name: string;
  readonly promise: string;
  readonly held: boolean;
  /** The cells of its row, without the first two. */
  readonly cells: readonly string[];
  /** What was promised and was not so. */
  readonly failures: readonly string[];
  readonly runs: readonly RunTrace[];
}
