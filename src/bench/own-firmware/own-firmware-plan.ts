import type { RunCheck } from '../stage/run-record.js';
import type { OwnFirmwareRun } from './own-firmware-run.js';
import type { OwnFirmwareSetup } from './own-firmware-setup.js';
import type { OwnFirmwareStage } from './own-firmware-stage.js';

/** One run of a scenario with boards whose firmware knows nothing of pairs. */
export interface OwnFirmwarePlan extends OwnFirmwareSetup {
  /** Empty where a scenario has one run. */
  readonly variant: string;
  /** How many of the scenario's inputs this run has; an equal share when not given. */
  readonly requests?: (total: number) => number;
  /** Plans the faults; called before the first request. */
  readonly plan?: (stage: OwnFirmwareStage) => void;
  readonly checks: (run: OwnFirmwareRun) => readonly RunCheck[];
}
