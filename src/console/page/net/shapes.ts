import type { FaultView } from '../../../control/contract/fault.js';
import type { BoardStatus, LiveValues, Status } from '../../../control/contract/status.js';
import type { StoryParts } from '../../../faults/story.js';

/** What the server tells beyond the status that every face has. */
export interface PageStatus extends Status {
  /** For how long the core is not known to have done its work, when this was sent. */
  readonly coreAgeMs: number;
  readonly isStale: boolean;
  readonly staleWhy?: string | null;
}

export interface Fault extends FaultView {
  readonly story?: StoryParts;
}
export type { BoardStatus, LiveValues };

/** As much of each pair as a row of them shows. */
export interface PairSummary {
  readonly id: string;
  readonly name: string;
  readonly phase: string;
  readonly protected: boolean;
  readonly coreAgeMs: number;
  readonly isStale: boolean;
}
