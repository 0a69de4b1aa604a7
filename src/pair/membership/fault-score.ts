import type { BoardState } from '../state/board-state.js';
import type { PairConfig } from '../state/pair-config.js';
import type { PairState } from '../state/pair-state.js';
import { pairTimeMsAt, whenPairTimeIsUs } from '../state/pair-time.js';

/**
 * How a board's faults come, told by count and threshold: the α-count of Bondavalli, Chiaradonna, Di Giandomenico and
 * Grandoni ("Threshold-based mechanisms to discriminate transient from intermittent faults", IEEE Transactions on
 * Computers 49(3), 2000). Theirs is judged in rounds: α ← α + 1 for a round with a fault, α ← α·K for one without. Here
 * time takes the place of rounds: with exits at the pair times t₁ … tₙ (the board left the pair by a fault of its own),
 *
 *   α(t, H) = Σ 2^(−(t − tᵢ) / H)      an exit counts 1, and half of that after each H
 *
 * - *transient*: α(t, H) ≤ flapLimit, H = flapWindowUs. The board joins again by itself, at once.
 * - *intermittent*: α(t, H) > flapLimit. It stays out until the score has come down to flapLimit, that is until
 *   t = tₙ + H·log₂(α(tₙ, H) / flapLimit); or until a person lets it in.
 * - *permanent*: α(tₙ, 6·H) > flapPermanent, or flapLimit is 0. Only a person lets it in. The longer memory is needed, because
 *   an intermittent board never comes back with a score above flapLimit.
 *
 * Pair time is persisted with the exits and never goes backwards, so a score survives a restart without a wall clock.
 * While the gateway is down pair time stands still, and nothing is forgotten.
 */
export type FaultClass = 'transient' | 'intermittent' | 'permanent';

/** Of a board no more exits are kept; a limit that is as high is never reached. */
export const MOST_EXITS = 64;
/** How many times more slowly the score that tells a permanent fault forgets. */
const LASTING = 6;
/** Half-lives of the lasting score after which an exit is dropped: it would count a sixteenth. */
const FORGOTTEN_AFTER = 4;

type Limits = Pick<PairConfig, 'flapLimit' | 'flapWindowUs' | 'flapPermanent'>;

/** α(atMs, halfLifeMs). An exit that lies ahead (a restarted gateway's pair time may be a little behind) counts 1. */
export function scoreAt(exits: readonly number[], atMs: number, halfLifeMs: number): number {
  return exits.reduce((score, exitMs) => score + 2 ** (-Math.max(0, atMs - exitMs) / halfLifeMs), 0);
}

/** The exits that count from now on, with one at `atMs`. */
export function withExit({ flapWindowUs }: Limits, exits: readonly number[], atMs: number): number[] {
  const forgottenBeforeMs = atMs - (FORGOTTEN_AFTER * LASTING * flapWindowUs) / 1000;
  return [...exits.filter((exitMs) => exitMs > forgottenBeforeMs), atMs].slice(-MOST_EXITS);
}

/** Pair time until which a board with these exits stays out by itself; 0: it does not, Infinity: a person is needed. */
export function restsUntilMs({ flapLimit, flapWindowUs }: Limits, exits: readonly number[]): number {
  if (exits.length === 0) return 0;
  const lastMs = Math.max(...exits);
  const halfLifeMs = flapWindowUs / 1000;
  const score = scoreAt(exits, lastMs, halfLifeMs);
  return score <= flapLimit ? 0 : Math.ceil(lastMs + halfLifeMs * Math.log2(score / flapLimit));
}

/** What an exit at `atMs`, the last of `exits`, makes of the board. */
export function classify(limits: Limits, exits: readonly number[], atMs: number): FaultClass {
  const { flapLimit, flapPermanent, flapWindowUs } = limits;
  const lasting = scoreAt(exits, atMs, (LASTING * flapWindowUs) / 1000);
  if (flapLimit === 0 || lasting > flapPermanent) return 'permanent';
  return restsUntilMs(limits, exits) > atMs ? 'intermittent' : 'transient';
}

/** R25: not before this is a board that is out tried again. */
export function joinsFromUs(pair: PairState, board: BoardState): number {
  const untilMs = restsUntilMs(pair.config, board.membership.exits);
  // With limit 0 the exit itself has the board kept out; what was set aside before is not held back.
  if (untilMs === 0 || untilMs === Number.POSITIVE_INFINITY) return board.membership.joinFromUs;
  return Math.max(board.membership.joinFromUs, whenPairTimeIsUs(pair.time, untilMs));
}

/** How much longer an intermittent board stays out, in milliseconds; null: it is not one. */
export function restLeftMs(pair: PairState, board: BoardState, atUs: number): number | null {
  if (board.membership.state !== 'set-aside' && board.membership.state !== 'locked-out') return null;
  const untilMs = restsUntilMs(pair.config, board.membership.exits);
  const nowMs = pairTimeMsAt(pair.time, atUs);
  return untilMs === Number.POSITIVE_INFINITY || untilMs <= nowMs ? null : untilMs - nowMs;
}

/** How often it left of late, and within how many minutes: what a person is told of the score. */
export function leftLately(
  exits: readonly number[],
  atMs: number,
): { readonly leftTimes: number; readonly withinMinutes: number } {
  const sinceMs = atMs - Math.min(atMs, ...exits);
  return { leftTimes: exits.length, withinMinutes: Math.max(1, Math.ceil(sinceMs / 60_000)) };
}
