import type { PairTime } from './pair-state.js';

/** Pair time, in milliseconds, at `atUs`: never backwards, over restarts and takeovers too. */
export function pairTimeMsAt(time: PairTime, atUs: number): number {
  const sinceStartMs = Math.floor((atUs - time.zeroUs) / 1000);
  return Math.max(time.lastMs, time.baseMs + Math.max(0, sinceStartMs));
}

/** When this life of the gateway comes to a pair time that is still ahead. */
export function whenPairTimeIsUs(time: PairTime, pairTimeMs: number): number {
  return time.zeroUs + (pairTimeMs - time.baseMs) * 1000;
}
