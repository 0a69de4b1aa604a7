import { linkTo } from '../model/route.js';
import type { PairSummary } from '../net/shapes.js';
import { StandingIcon } from '../parts/standing-icon.js';
import { WORDS } from '../words.js';

/** All pairs of this machine, where there is more than one. */
export function PairRow({ pairs, chosen }: { pairs: readonly PairSummary[]; chosen: string }) {
  if (pairs.length < 2) return null;
  return (
    <nav class="pair-row" aria-label={WORDS.pairs}>
      <ul>
        {pairs.map((pair) => {
          const standing = summaryStanding(pair);
          return (
            <li key={pair.id} class={standing}>
              <a href={linkTo(pair.id)} aria-current={pair.id === chosen ? 'page' : undefined}>
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

function summaryStanding({ isStale, phase, protected: isProtected }: PairSummary) {
  if (isStale) return 'stale';
  if (phase === 'stopped') return 'stopped';
  return isProtected ? 'protected' : 'unprotected';
}
