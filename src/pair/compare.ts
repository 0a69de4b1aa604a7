import type { CommitRow } from './ledger-rows.js';
import type { Result } from './messages.js';

export type Verdict =
  | { readonly verdict: 'match' }
  | { readonly verdict: 'mismatch'; readonly where: 'parts' | 'body' | 'state'; readonly part: number | null };

/** R18, R20: part by part, exactly, and the state digest with them, so that a latent difference shows before it acts. */
export function compareResults(committed: CommitRow, result: Result): Verdict {
  if (committed.parts.length !== result.parts.length) return { verdict: 'mismatch', where: 'parts', part: null };
  for (const [index, part] of committed.parts.entries()) {
    const other = result.parts[index];
    if (other === undefined || other.rejected !== part.rejected || !sameBytes(other.body, part.body)) {
      return { verdict: 'mismatch', where: 'body', part: index };
    }
  }
  if (committed.digest !== result.digest) return { verdict: 'mismatch', where: 'state', part: null };
  return { verdict: 'match' };
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
