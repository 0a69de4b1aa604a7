import { CopycatError } from '../../errors/copycat-error.js';
import type { Pair } from '../pairs/pair.js';
import type { Pairs } from '../pairs/pairs.js';
import { type Reply, refusal } from '../reply.js';

type Found = Exclude<Pair['found'], string>;

/** Answers with what `use` gives of the pair that an address names; 404: there is none. */
export function ofPair<Answer>(pairs: Pairs, id: string | undefined, use: (pair: Pair) => Answer): Answer | Reply {
  const pair = pairs.of(id ?? '');
  if (pair !== undefined) return use(pair);
  const known = pairs.all.map((one) => one.id).join(', ');
  return refusal(404, `there is no pair ${(id ?? '').slice(0, 100)}`, known);
}

/** The same of one whose configuration can be read; 503: it cannot. */
export function ofFoundPair<Answer>(
  pairs: Pairs,
  id: string | undefined,
  use: (found: Found, pair: Pair) => Answer,
): Answer | Reply {
  return ofPair(pairs, id, (pair) => {
    const { found } = pair;
    return typeof found === 'string' ? refusal(503, found) : use(found, pair);
  });
}

/** What a gateway is asked for that may not run: that is no mistake of the client's. */
export async function askingGateway(ask: () => Promise<Reply>): Promise<Reply> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof CopycatError) return refusal(503, error.message);
    throw error;
  }
}
