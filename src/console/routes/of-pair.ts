import type { Pair } from '../pairs/pair.js';
import type { Pairs } from '../pairs/pairs.js';
import { type Reply, refusal } from '../reply.js';

/** Answers with what `use` gives of the pair that an address names; 404: there is none. */
export function ofPair<Answer>(pairs: Pairs, id: string | undefined, use: (pair: Pair) => Answer): Answer | Reply {
  const pair = pairs.of(id ?? '');
  if (pair !== undefined) return use(pair);
  const known = pairs.all.map((one) => one.id).join(', ');
  return refusal(404, `there is no pair ${(id ?? '').slice(0, 100)}`, known);
}
