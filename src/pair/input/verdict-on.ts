import { compareResults, type Verdict } from '../result/compare.js';
import type { CommitRow } from '../result/ledger-rows.js';
import type { Result } from '../result/messages.js';
import type { Input, PairState } from '../state/pair-state.js';

type Compared = Pick<CommitRow | Result, 'parts' | 'digest' | 'hash'>;

/**
 * R18, R20: whether two boards have answered an input alike, in the way of their protocol. Of boards that tell no digest equal hashes are
 * all that has to agree: what a link leaves out of them is not compared.
 */
export function verdictOn(
  { config: { fields, wire } }: PairState,
  { payload }: Pick<Input, 'payload'>,
  committed: Compared,
  other: Compared,
): Verdict {
  if (!wire.abilities.digest && committed.hash === other.hash) return { verdict: 'match', within: 'exactly' };
  return wire.compareAnswers?.(payload, committed.parts, other.parts) ?? compareResults(committed, other, fields);
}
