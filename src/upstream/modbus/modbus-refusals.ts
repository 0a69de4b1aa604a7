import type { RefusalReason } from '../../pair/state/effects.js';
import { EXCEPTION } from '../../protocol/modbus/function-codes.js';

/** What a master is told when an input is not taken; null: nothing, it waits in vain. docs/decisions.md has the reasons. */
export const REFUSALS: Readonly<Record<RefusalReason, number | null>> = {
  full: EXCEPTION.serverDeviceBusy,
  // Surely not carried out. 4 would be the device's own word for a request that may have been.
  stopped: EXCEPTION.gatewayTargetFailed,
  'in-doubt': EXCEPTION.serverDeviceFailure,
  quarantined: EXCEPTION.serverDeviceFailure,
  'result-lost': EXCEPTION.serverDeviceFailure,
  'ref-used': EXCEPTION.serverDeviceFailure,
  cancelled: null,
};
