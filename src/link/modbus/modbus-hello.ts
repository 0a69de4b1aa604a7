import type { Hello, Setting } from '../../pair/result/messages.js';
import { MAX_RTU_BYTES } from '../../protocol/modbus/function-codes.js';
import { settingsHash } from '../settings-hash.js';

/** What is known of a slave: who it says it is, and nothing of its life. `stateBytes`: of what is copied to one that joins; 0: nothing is. */
export function helloOf(executionCount: number, stateBytes: number, settings: readonly Setting[]): Hello {
  return {
    ...{ kind: 'hello', unit: 0, boot: null, imageHash: settingsHash(settings), stateLayout: null, stateBytes },
    ...{ transfersState: stateBytes > 0, mostOutputs: 0, rxBytes: MAX_RTU_BYTES, window: 1, resetCause: 'unknown' },
    ...{ failed: false, parked: false, executionCount, digest: null, kept: [], actedBits: 0 },
    ...(settings.length === 0 ? {} : { settings }),
  };
}
