import type { FaultDetail } from '../state/effects.js';

/** `as-it-stands`: nothing is given to it, and `why` says what hinders that (null: there is nothing to give); `refused`: it has not come to where the primary is. */
export type ResyncOutcome =
  | { readonly is: 'going-on' | 'caught-up' }
  | { readonly is: 'as-it-stands'; readonly why: string | null }
  | { readonly is: 'refused'; readonly evidence: FaultDetail };

export const GOING_ON: ResyncOutcome = { is: 'going-on' };

export function asItStands(why: string | null): ResyncOutcome {
  return { is: 'as-it-stands', why };
}

export function refused(why: string, more: FaultDetail = {}): ResyncOutcome {
  return { is: 'refused', evidence: { why, ...more } };
}
