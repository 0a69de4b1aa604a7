import { nowMs } from '../model/now.js';
import type { Pair } from '../model/pair.js';
import { pairsAtMs } from '../model/pairs.js';
import { linkTo } from '../model/route.js';
import { standingOf } from '../model/standing.js';
import type { PairSummary } from '../net/shapes.js';
import { StandingIcon } from '../parts/standing-icon.js';
import { WORDS } from '../words.js';

/** All pairs of this machine, where there is more than one. */
export function PairRow({ pairs, chosen }: { pairs: readonly PairSummary[]; chosen: Pair }) {
  if (pairs.length < 2) return null;
  return (
    <nav class="pair-row" aria-label={WORDS.pairs}>
      <ul>
        {pairs.map((pair) => {
          const isChosen = pair.id === chosen.id;
          // Of the one that is looked at more is known, and sooner.
          const standing = isChosen
            ? chosen.standing.value
            : standingOf({ status: pair, receivedAtMs: pairsAtMs.value }, nowMs.value);
          return (
            <li key={pair.id} class={standing}>
              <a href={linkTo(pair.id)} aria-current={isChosen ? 'page' : undefined}>
                <StandingIcon standing={standing} />
                <span>
                  <strong>{pair.name}</strong>
                  <small>{WORDS.standing[standing]}</small>
                </span>
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
