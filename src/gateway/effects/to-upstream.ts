import type { PairEffect } from '../../pair/state/effects.js';
import type { PairEvent } from '../../pair/state/events.js';
import type { Upstream } from '../../upstream/upstream.js';

type UpstreamEffect = Extract<PairEffect, { type: 'answer' | 'accepted' | 'refuse' }>;

/** The answer leaves first and is recorded as sent after, so a restart repeats it rather than loses it (R23). */
export function performUpstream(
  effect: UpstreamEffect,
  upstream: Upstream,
  dispatch: (event: PairEvent) => void,
): void {
  switch (effect.type) {
    case 'accepted':
      upstream.accepted(effect.ref);
      return;
    case 'refuse':
      upstream.refuse(effect.ref, effect.reason);
      return;
    case 'answer':
      if (effect.kind !== 'input') return;
      if (upstream.answer(effect.ref, effect.bodies, effect.repeat, effect.rejected))
        dispatch({ type: 'answerSent', seq: effect.seq });
  }
}
