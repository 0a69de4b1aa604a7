import { signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Pair } from '../model/pair.js';
import type { PageStatus } from '../net/shapes.js';
import { clockText } from '../text/times.js';
import { WORDS } from '../words.js';
import { command, type Outcome, outcomeText } from './command.js';
import { Confirm, type ConfirmHandle } from './confirm.js';
import { type Action, possibleActions } from './possible.js';
import { who } from './who.js';

const W = WORDS.actions;
const MOST_KEPT = 5;

interface Asked {
  readonly number: number;
  readonly pair: string;
  readonly atMs: number;
  readonly label: string;
  readonly outcome: Outcome | null;
}

/** What was asked from this page, newest first. */
const asked = signal<readonly Asked[]>([]);
let count = 0;

export function Actions({ pair, status }: { pair: Pair; status: PageStatus }) {
  const dialog = useRef<ConfirmHandle>(null);
  const isStale = pair.standing.value === 'stale';
  const ask = async (action: Action) => {
    count += 1;
    const one: Asked = { number: count, pair: pair.id, atMs: Date.now(), label: action.label, outcome: null };
    asked.value = [one, ...asked.value].slice(0, MOST_KEPT);
    const outcome = await command(pair, action.command, { ...action.body, by: who.value.trim() });
    asked.value = asked.value.map((other) => (other.number === one.number ? { ...other, outcome } : other));
  };
  return (
    <section class="actions" aria-labelledby="actions-heading">
      <h2 id="actions-heading">{W.heading}</h2>
      <div class="buttons">
        {possibleActions(status).map((action) => (
          <button
            key={action.label}
            type="button"
            class={action.isAdvised ? 'main' : ''}
            disabled={isStale}
            onClick={() => dialog.current?.open(action)}
          >
            {action.label}
          </button>
        ))}
      </div>
      {isStale && <p class="empty">{W.stale}</p>}
      <div role="log" aria-label={W.log}>
        <ol class="asked">
          {asked.value
            .filter((one) => one.pair === pair.id)
            .map(({ number, atMs, label, outcome }) => (
              <li key={number} class={outcome?.kind ?? 'asking'}>
                <time>{clockText(atMs)}</time> <strong>{label}</strong>{' '}
                <span>{outcome === null ? W.underWay : outcomeText(outcome)}</span>
              </li>
            ))}
        </ol>
      </div>
      <Confirm handle={dialog} onYes={(action) => void ask(action)} />
    </section>
  );
}
