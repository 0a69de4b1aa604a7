import { accuse, leave } from '../state/accuse.js';
import type { BoardState } from '../state/board-state.js';
import { noteFault } from '../state/fault-log.js';
import type { PairState, Step } from '../state/pair-state.js';
import { isAccused, isThirdCopy } from '../state/roles.js';

/** A device that was thrown off the bus needs so many times the disturbance to come back. */
const RETURN_FACTOR = 2;

/**
 * Switching a load may throw USB devices off the bus for a moment, at the worst moment. A link that is lost so soon after
 * the relay moved is waited for; it belongs to the fault under which the relay moved and is none of its own.
 */
export function relaySwitched(step: Step, faultId: number): void {
  const { relayDisturbsUs } = step.pair.config;
  if (relayDisturbsUs > 0) step.pair.relay.transient = { untilUs: step.atUs + relayDisturbsUs, faultId };
}

/** True: the loss of this link is put down to the relay, and nothing else is to be done about it now. */
export function isSwitchingTransient(step: Step, board: BoardState, reason: string): boolean {
  const { pair, atUs } = step;
  const { transient } = pair.relay;
  if (transient === null || atUs >= transient.untilUs || isThirdCopy(pair, board)) return false;
  // R12: whoever is accused already is not waited for.
  if (pair.phase === 'fencing' || isAccused(pair, board)) return false;
  noteFault(step, transient.faultId, 'link-disturbed', { board: board.id, link: reason });
  if (board.membership.joining !== null) {
    // R25: interrupted joins start clean; it is tried again once its link is back.
    leave(step, board, null, 'at-once');
    return true;
  }
  const untilUs = atUs + RETURN_FACTOR * pair.config.relayDisturbsUs;
  board.link.grace = { sinceUs: atUs, untilUs, reason, faultId: transient.faultId };
  return true;
}

/** Its session is open again, in the same life. */
export function linkIsBack(step: Step, board: BoardState): void {
  const { grace } = board.link;
  if (grace === null) return;
  board.link.grace = null;
  noteFault(step, grace.faultId, 'link-back', { board: board.id, afterMs: (step.atUs - grace.sinceUs) / 1000 });
}

/** R15: what does not come back was no mere disturbance. */
export function endLinkGraces(step: Step): void {
  for (const board of step.pair.boards.values()) {
    const { grace } = board.link;
    if (grace === null || step.atUs < grace.untilUs) continue;
    board.link.grace = null;
    const [oldest] = board.work.exchanges.keys();
    const waitedForMs = Math.round((step.atUs - grace.sinceUs) / 1000);
    accuse(step, board, 'unplugged', oldest ?? null, { link: grace.reason, waitedForMs });
  }
}

/** When `endLinkGraces` next wants to hear the time. */
export function linkGraceEndsUs(pair: PairState): number | null {
  let first: number | null = null;
  for (const { link } of pair.boards.values()) {
    if (link.grace !== null && (first === null || link.grace.untilUs < first)) first = link.grace.untilUs;
  }
  return first;
}
