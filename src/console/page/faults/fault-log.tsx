import { useComputed, useSignal } from '@preact/signals';
import type { Pair } from '../model/pair.js';
import { route } from '../model/route.js';
import { download } from '../parts/download.js';
import { WORDS } from '../words.js';
import { csvOf, jsonOf } from './export.js';
import { FaultRows } from './fault-rows.js';
import { FaultStory } from './fault-story.js';
import { type FaultFilter, filtered, isOpen, NO_FILTER } from './filter.js';
import { FilterBar } from './filter-bar.js';

const W = WORDS.faults;
const FIRST_SHOWN = 50;

/** What happened: a list to look through, and beside it the story of one. */
export function FaultLog({ pair }: { pair: Pair }) {
  const filter = useSignal<FaultFilter>(NO_FILTER);
  const most = useSignal(FIRST_SHOWN);
  const found = useComputed(() => filtered(pair.faults.all.value, filter.value));
  const all = pair.faults.all.value;
  const chosen = route.value.fault;
  const save = (ending: 'csv' | 'json') => {
    const text = ending === 'csv' ? csvOf(found.value) : jsonOf(found.value);
    download(W.file(pair.id, ending), ending === 'csv' ? 'text/csv' : 'application/json', text);
  };
  return (
    <section class={`faults ${chosen === null ? '' : 'telling'}`} id="faults" aria-labelledby="faults-heading">
      <header>
        <h2 id="faults-heading" tabIndex={-1}>
          {W.heading}
          <span class="count">{W.open(all.filter(isOpen).length)}</span>
        </h2>
        <div class="export">
          <span>{W.export}</span>
          <button type="button" onClick={() => save('csv')} disabled={found.value.length === 0}>
            {W.csv}
          </button>
          <button type="button" onClick={() => save('json')} disabled={found.value.length === 0}>
            {W.json}
          </button>
        </div>
      </header>
      <FilterBar filter={filter} faults={all} shown={found.value.length} />
      {pair.faults.trouble.value !== null && <p class="trouble">{pair.faults.trouble.value}</p>}
      <div class="log">
        <div class="log-list">
          <FaultRows pair={pair.id} faults={found.value.slice(0, most.value)} chosen={chosen} />
          {found.value.length === 0 && <p class="empty">{emptyText(pair, filter.value)}</p>}
          {found.value.length > most.value && (
            <button
              type="button"
              onClick={() => {
                most.value += FIRST_SHOWN;
              }}
            >
              {W.older}
            </button>
          )}
        </div>
        {chosen !== null && <FaultStory key={chosen} pair={pair} id={chosen} />}
      </div>
    </section>
  );
}

function emptyText(pair: Pair, { words, which, code, board }: FaultFilter): string {
  if (!pair.faults.isLoaded.value) return W.loading;
  if (words !== '' || code !== '' || board !== '') return W.noneFound;
  return which === 'open' ? W.noneOpen : W.none;
}
