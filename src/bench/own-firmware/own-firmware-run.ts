import type { Status } from '../../control/contract/status.js';
import type { StoredFault } from '../../faults/stored-fault.js';
import type { OwnFirmwareStage } from './own-firmware-stage.js';

/** What one run left behind: at the pins, at the client, on the boards' lines; and what the gateway says of it. */
export interface OwnFirmwareRun {
  readonly stage: OwnFirmwareStage;
  readonly requests: number;
  readonly status: Status;
  readonly faults: readonly StoredFault[];
}
