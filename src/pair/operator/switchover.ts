import { fencePlanned } from '../membership/lease.js';
import { giveUpSwitchover } from '../membership/membership.js';
import { openFault } from '../state/fault-log.js';
import type { PairState, Step } from '../state/pair-state.js';
import { behindOf, isEligible, otherOf, primaryOf } from '../state/roles.js';
import { isAccepted, takeInAccepted } from './trial.js';

/** R26: a planned switchover is a drain followed by the takeover path. */
export function startSwitchover(step: Step, ref: string): void {
  const { pair } = step;
  const why = whyNot(pair);
  if (why !== null) {
    step.effects.push({ type: 'commandRefused', ref, why });
    return;
  }
  pair.switchover = { ref, askedAtUs: step.atUs };
  pair.phase = 'draining';
}

function whyNot(pair: PairState): string | null {
  if (pair.phase === 'stopped') return 'The pair is stopped: see copycat status.';
  if (pair.phase === 'draining') return 'A switchover is under way already.';
  if (pair.phase !== 'serving' || pair.findings.pending !== null) return 'The pair is busy with a start or a takeover.';
  if (primaryOf(pair).session.state !== 'open') return `Board ${pair.lease.owner} cannot be reached.`;
  if (pair.comparison.dispute !== null) return 'The boards differ, and it is not known yet which of them is wrong.';
  const other = otherOf(pair);
  if (!isEligible(other)) return `Board ${other.id} is not in the pair: there is nobody to switch to.`;
  return null;
}

/** Called after every event: gives up, or goes on once nothing is under way at either board. */
export function continueSwitchover(step: Step): void {
  const { pair, atUs } = step;
  const { switchover } = pair;
  if (pair.phase !== 'draining' || switchover === null) return;
  const other = otherOf(pair);
  if (!isEligible(other) && !isAccepted(pair, other)) return giveUp(step, `Board ${other.id} left the pair.`);
  if (pair.findings.pending !== null || primaryOf(pair).session.state !== 'open')
    return giveUp(step, `Board ${pair.lease.owner} was lost.`);
  if (atUs >= switchover.askedAtUs + pair.config.switchDrainUs) {
    return giveUp(step, `What was under way did not end within ${pair.config.switchDrainUs / 1000} ms.`);
  }
  if (!isDrained(pair)) return;
  takeInAccepted(step, other);
  fencePlanned(step, pair.lease.owner, other.id, false);
}

/** When `continueSwitchover` next wants to hear the time. */
export function switchoverDueUs(pair: PairState): number | null {
  if (pair.phase !== 'draining' || pair.switchover === null) return null;
  return pair.switchover.askedAtUs + pair.config.switchDrainUs;
}

/** Both boards have acted on everything that either was given: their states and their levels are the same. */
function isDrained(pair: PairState): boolean {
  return (
    primaryOf(pair).work.exchanges.size === 0 &&
    otherOf(pair).work.exchanges.size === 0 &&
    behindOf(pair, otherOf(pair)) === 0
  );
}

function giveUp(step: Step, why: string): void {
  step.pair.phase = 'serving';
  openFault(step, 'switchover-failed', null, null, { why });
  giveUpSwitchover(step, why);
}
