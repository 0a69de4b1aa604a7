import type { PairState } from './pair-state.js';

/** Pair time, in milliseconds, at `atUs`: never backwards, over restarts and takeovers too. */
export function pairTimeMsAt(pair: PairState, atUs: number): number {
  const sinceStartMs = Math.floor((atUs - pair.time.zeroUs) / 1000);
  return Math.max(pair.time.lastMs, pair.time.baseMs + Math.max(0, sinceStartMs));
}

/** When this life of the gateway comes to a pair time that is still ahead. */
export function whenPairTimeIsUs(pair: PairState, pairTimeMs: number): number {
  return pair.time.zeroUs + (pairTimeMs - pair.time.baseMs) * 1000;
}
