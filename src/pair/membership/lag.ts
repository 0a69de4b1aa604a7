import { leave } from '../state/accuse.js';
import type { BoardState } from '../state/board-state.js';
import type { Step } from '../state/pair-state.js';
import { behindOf, followersOf, isFollowing } from '../state/roles.js';
import { setAside } from './membership.js';

/** The primary has done one more: who is too far behind it by now? */
export function setAsideWhoIsBehind(step: Step): void {
  const { phase } = step.pair;
  // R10: once the primary is declared failed, the heir is what it is; how far it is behind, the catch-up bears.
  if (phase !== 'serving' && phase !== 'draining') return;
  for (const follower of followersOf(step.pair)) setAsideIfBehind(step, follower);
}

/** R6: a follower that is too far behind leaves the pair; the ledger, not memory, keeps what it missed. */
function setAsideIfBehind(step: Step, follower: BoardState): void {
  const { maxLag } = step.pair.config;
  if (!isFollowing(follower) || step.pair.queue.releaseOrder.length <= maxLag) return;
  // R19: it is kept waiting on purpose, or asked for what it knows, for a bounded time (arbitration.ts).
  if (step.pair.comparison.dispute !== null) return;
  const behind = behindOf(step.pair, follower);
  if (behind <= maxLag) return;
  if (follower.membership.joining !== null) return leave(step, follower, { why: 'backup-behind', behind }, 'later');
  setAside(step, follower, 'backup-behind', null, { behind, allowed: maxLag });
}
