import { stop } from '../state/accuse.js';
import type { OwnMistake } from '../state/events.js';
import { openFault } from '../state/fault-log.js';
import type { Step } from '../state/pair-state.js';

const CAME_AGAIN = 'a mistake of Copycat itself came again within a minute of a fresh start';

/** R30: told once. What comes again after a fresh start waits for a person, instead of going round for ever. */
export function tellMistake(step: Step, { again, evidence }: OwnMistake): void {
  if (step.pair.phase === 'stopped') return;
  openFault(step, 'own-mistake', null, null, { ...evidence, again });
  if (again) stop(step, CAME_AGAIN, null);
}
