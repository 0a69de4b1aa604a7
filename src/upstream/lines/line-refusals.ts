import type { RefusalReason } from '../../pair/state/effects.js';

/** Why a line is not taken: as for any input, or because it is longer than the boards take. */
export type LineRefusal = RefusalReason | 'too-long';

/** What a client is told of it, as part of the refusal in the words of the boards' protocol; null: nothing, nobody waits. */
export const LINE_REASONS: Readonly<Record<LineRefusal, string | null>> = {
  full: 'busy',
  stopped: 'stopped',
  quarantined: 'quarantined',
  'ref-used': 'refused',
  'result-lost': 'result lost',
  'in-doubt': 'in doubt, perhaps done',
  cancelled: null,
  'too-long': 'line too long',
};
