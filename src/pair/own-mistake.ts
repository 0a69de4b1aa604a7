import type { FaultDetail } from './effects.js';
import { openFault } from './faults-of.js';
import type { Step } from './pair-state.js';
import { stopPair } from './standing.js';

/** The gateway before this one found a mistake of its own, and ended for it (R30). */
export interface OwnMistake {
  /** So had the one before it, and neither had lived for long: another fresh start would go the same way. */
  readonly again: boolean;
  readonly evidence: FaultDetail;
}

export const CAME_AGAIN = 'a mistake of Copycat itself came again within a minute of a fresh start';

/** R30: told once. What comes again after a fresh start waits for a person, instead of going round for ever. */
export function tellMistake(step: Step, { again, evidence }: OwnMistake): void {
  if (step.pair.phase === 'stopped') return;
  openFault(step, 'own-mistake', null, null, { ...evidence, again });
  if (again) stopPair(step, CAME_AGAIN, null);
}
