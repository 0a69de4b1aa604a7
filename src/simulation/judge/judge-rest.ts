import type { LedgerRequest } from '../../pair/state/effects.js';
import type { Facts } from './facts.js';

/** Pair time is in whole milliseconds. */
const ROUNDING_US = 2_000;

/** R19: reckoned anew, round by round: what came before fades, and each fault counts one. */
export function noteHealth(facts: Facts, { board, exits }: Extract<LedgerRequest, { type: 'recordHealth' }>): void {
  const { flapLimit, flapWindowUs } = facts.world.options.config;
  let score = 0;
  let beforeMs = exits[0] ?? 0;
  for (const atMs of exits) {
    score = score * 0.5 ** (((atMs - beforeMs) * 1000) / flapWindowUs) + 1;
    beforeMs = atMs;
  }
  facts.rests.delete(board);
  if (score <= flapLimit) return;
  facts.coverage.count('rests');
  const restUs = flapWindowUs * Math.log2(score / flapLimit);
  facts.rests.set(board, { untilUs: facts.world.schedule.nowUs + restUs, written: false });
}

export function noteHealthWritten(facts: Facts, board: string): void {
  const rest = facts.rests.get(board);
  if (rest !== undefined) rest.written = true;
}

/** What a gateway that was killed had not written is not known to the next one. */
export function forgetUnwrittenRests(facts: Facts): void {
  for (const [board, rest] of facts.rests) if (!rest.written) facts.rests.delete(board);
}

/** It is about to be compared. */
export function judgeRest(facts: Facts, board: string): void {
  const rest = facts.rests.get(board);
  const { nowUs } = facts.world.schedule;
  if (rest === undefined || nowUs >= rest.untilUs - ROUNDING_US) return;
  facts.breaks('intermittentRests', `board ${board} joins ${Math.round((rest.untilUs - nowUs) / 1000)} ms too early`);
}
