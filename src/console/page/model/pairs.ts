import { effect, signal } from '@preact/signals';
import { getJson } from '../net/api.js';
import type { PairSummary } from '../net/shapes.js';
import { onWake } from './now.js';
import { Pair } from './pair.js';
import { route } from './route.js';

const ASK_AGAIN_MS = 1500;

/** All pairs that the server knows; null: it has not said yet. */
export const pairs = signal<readonly PairSummary[] | null>(null);
/** When it said so, by this browser's clock: a list that nobody renews grows old, too. */
export const pairsAtMs = signal(0);
/** The one that is looked at. */
export const chosen = signal<Pair | null>(null);

export function startPairs(): void {
  const ask = async () => {
    const answer = await getJson<readonly PairSummary[] | { readonly pairs: readonly PairSummary[] }>('./api/pairs');
    if (!answer.ok) return;
    pairsAtMs.value = Date.now();
    pairs.value = 'pairs' in answer.value ? answer.value.pairs : answer.value;
  };
  void ask();
  setInterval(() => void ask(), ASK_AGAIN_MS);
  onWake(() => void ask());
  effect(() => {
    const id = idWanted();
    const before = chosen.peek();
    if (id === null || id === before?.id) return;
    before?.close();
    chosen.value = new Pair(id);
  });
}

/** That of the address; else the first there is. */
function idWanted(): string | null {
  const known = pairs.value ?? [];
  return known.find(({ id }) => id === route.value.pair)?.id ?? known[0]?.id ?? null;
}
