import type { Exchange } from './board-state.js';
import type { Input, PairState } from './pair-state.js';

/** What follows from the abilities of a pair's boards (board-wire.ts): asked here, and nowhere which protocol they speak. */

/** R7: a board that waits for no leave has acted when it answers: RESULT and DONE are one event. */
export function actsUnasked({ config }: PairState): boolean {
  return !config.wire.abilities.commit;
}

/** The board has acted on it, as far as its answers tell. */
export function hasActedOn(pair: PairState, { state }: Exchange): boolean {
  return state === 'acted' || (state === 'awaiting-commit' && actsUnasked(pair));
}

/** R31: to a board that cannot tell a repeat it is not given a second time, unless that changes nothing there. */
export function mayGiveAgain({ config: { wire } }: PairState, { payload }: Pick<Input, 'payload'>): boolean {
  return wire.abilities.repeats || wire.mayRepeat(payload);
}

/** It says which life it leads and what it has executed in it; of any other board the core counts the answers itself. */
export function tellsLife({ config }: PairState): boolean {
  return config.wire.abilities.identity;
}
