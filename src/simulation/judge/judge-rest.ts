import type { LedgerRequest } from '../../pair/state/effects.js';
import type { Observations } from './observations.js';

/** Pair time is in whole milliseconds. */
const ROUNDING_US = 2_000;

/** R19: reckoned anew, round by round: what came before fades, and each fault counts one. */
export function noteHealth(
  observations: Observations,
  { board, exits }: Extract<LedgerRequest, { type: 'recordHealth' }>,
): void {
  const { flapLimit, flapWindowUs } = observations.world.options.config;
  let score = 0;
  let beforeMs = exits[0] ?? 0;
  for (const atMs of exits) {
    score = score * 0.5 ** (((atMs - beforeMs) * 1000) / flapWindowUs) + 1;
    beforeMs = atMs;
  }
  observations.rests.delete(board);
  if (score <= flapLimit) return;
  observations.coverage.count('rests');
  const restUs = flapWindowUs * Math.log2(score / flapLimit);
  observations.rests.set(board, { untilUs: observations.world.schedule.nowUs + restUs, written: false });
}

export function noteHealthWritten(observations: Observations, board: string): void {
  const rest = observations.rests.get(board);
  if (rest !== undefined) rest.written = true;
}

/** What a gateway that was killed had not written is not known to the next one. */
export function forgetUnwrittenRests(observations: Observations): void {
  for (const [board, rest] of observations.rests) if (!rest.written) observations.rests.delete(board);
}

/** It is about to be compared. */
export function judgeRest(observations: Observations, board: string): void {
  const rest = observations.rests.get(board);
  const { nowUs } = observations.world.schedule;
  if (rest === undefined || nowUs >= rest.untilUs - ROUNDING_US) return;
  observations.breaks(
    'intermittentRests',
    `board ${board} joins ${Math.round((rest.untilUs - nowUs) / 1000)} ms too early`,
  );
}
